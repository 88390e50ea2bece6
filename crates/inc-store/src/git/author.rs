//! Who signs a commit. Checks the form only; whether such a person exists is not our business.

use std::fmt;

/// A name and a mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    name: String,
    email: String,
}

/// What was given for an author, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("author {given:?}: {why}; write `Name <email>`, such as `Ada Lovelace <ada@example.org>`")]
pub struct AuthorError {
    given: String,
    why: &'static str,
}

impl Author {
    /// Reads `Name <email>`, strictly: git would quietly drop what it dislikes, and sign with something else.
    pub fn parse(given: &str) -> Result<Author, AuthorError> {
        let (name, email) = parts(given.trim()).map_err(|why| AuthorError { given: given.into(), why })?;
        Ok(Author { name: name.into(), email: email.into() })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The mail address, without the angle brackets.
    pub fn email(&self) -> &str {
        &self.email
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}

fn parts(given: &str) -> Result<(&str, &str), &'static str> {
    if given.chars().any(char::is_control) {
        return Err("it contains a control character");
    }
    let (name, rest) = given.split_once('<').ok_or("the <email> is missing")?;
    let email = rest.strip_suffix('>').ok_or("nothing may follow the <email>")?;
    let name = name.trim();
    if name.contains('>') || email.contains(['<', '>']) {
        return Err("there must be one pair of angle brackets");
    }
    // Git strips these from both ends of a name and refuses what is then empty (`crud` in its ident.c).
    let crud = |c: char| c.is_whitespace() || ".,:;<>\"\\'".contains(c);
    if name.chars().all(crud) {
        return Err("the name is missing");
    }
    if name.starts_with(crud) || name.ends_with(|c| c != '.' && crud(c)) {
        return Err("git would cut the punctuation off the name");
    }
    if email.is_empty() || email.contains(char::is_whitespace) {
        return Err("the <email> must be one word");
    }
    Ok((name, email))
}

#[cfg(test)]
mod tests {
    use super::Author;

    #[test]
    fn well_formed_authors_are_read() {
        for (given, name, email) in [
            ("Ada Lovelace <ada@example.org>", "Ada Lovelace", "ada@example.org"),
            ("  Ada   <a@b>  ", "Ada", "a@b"),
            ("Émilie du Châtelet <e@x>", "Émilie du Châtelet", "e@x"),
            ("O'Neil, Pat <pat@localhost>", "O'Neil, Pat", "pat@localhost"),
            ("deploy[bot] <1+bot@users.example>", "deploy[bot]", "1+bot@users.example"),
        ] {
            let author = Author::parse(given).unwrap();
            assert_eq!((author.name(), author.email()), (name, email), "{given}");
            assert_eq!(author.to_string(), format!("{name} <{email}>"));
        }
    }

    #[test]
    fn malformed_authors_are_refused_with_the_form() {
        for given in [
            "",
            "Ada",
            "Ada <>",
            "<a@b>",
            "Ada <a@b",
            "Ada a@b>",
            "Ada <a@b> x",
            "Ada <<a@b>>",
            "A\nda <a@b>",
            "Ada <a b>",
            "... <a@b>",
            "'Ada' <a@b>",
            "A> <a@b>",
        ] {
            let error = Author::parse(given).unwrap_err().to_string();
            assert!(error.contains("write `Name <email>`"), "{given}: {error}");
            assert!(!error.contains('\n'));
        }
    }
}
