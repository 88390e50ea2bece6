//! What a value is meant to be, as the record's types ask; where a type could take it for something else than the
//! library would, there is no answer.

use serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};

use super::node::Node;
use super::scalar::{decimal, is_special, whole};

/// Not the usual: the library reads it. It says nothing, and so costs nothing.
#[derive(Debug)]
pub struct Doubt;

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not the usual layout")
    }
}

impl std::error::Error for Doubt {}

impl serde::de::Error for Doubt {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

type Answer<T> = Result<T, Doubt>;

/// Reads one value.
#[derive(Clone, Copy)]
pub struct Reader<'de, 't>(pub &'de Node<'t>);

impl<'de> IntoDeserializer<'de, Doubt> for Reader<'de, '_>
where
    Self: 'de,
{
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Reader<'de, '_> {
    /// A text, for a type that wants one: whatever is not null.
    fn text(self) -> Answer<&'de str> {
        match self.0 {
            Node::Text(text) => Ok(text),
            Node::Plain(text) if !text.eq_ignore_ascii_case("null") => Ok(text),
            _ => Err(Doubt),
        }
    }

    fn number(self) -> Answer<u64> {
        match self.0 {
            Node::Plain(text) => whole(text).ok_or(Doubt),
            _ => Err(Doubt),
        }
    }

    fn list<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        let Node::List(items) = self.0 else {
            return Err(Doubt);
        };
        let mut items = SeqDeserializer::new(items.iter().map(Reader));
        let value = visitor.visit_seq(&mut items)?;
        items.end().map(|()| value)
    }

    fn map<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        let Node::Map(pairs) = self.0 else {
            return Err(Doubt);
        };
        let pairs = pairs.iter().map(|(key, node)| (BorrowedStrDeserializer::new(key), Reader(node)));
        let mut pairs = MapDeserializer::new(pairs);
        let value = visitor.visit_map(&mut pairs)?;
        pairs.end().map(|()| value)
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
            visitor.visit_u64(self.number()?)
        }
    )*};
}

macro_rules! texts {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
            visitor.visit_borrowed_str(self.text()?)
        }
    )*};
}

/// What no record asks for is not read here.
macro_rules! doubts {
    ($($method:ident($($more:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $(_: $more,)* _: V) -> Answer<V::Value> {
            Err(Doubt)
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'de, '_>
where
    Self: 'de,
{
    type Error = Doubt;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        match self.0 {
            Node::List(_) => self.list(visitor),
            Node::Map(_) => self.map(visitor),
            Node::Text(text) => visitor.visit_borrowed_str(text),
            Node::Plain("true") => visitor.visit_bool(true),
            Node::Plain("false") => visitor.visit_bool(false),
            Node::Plain(text) if text.starts_with(char::is_alphabetic) && !is_special(text) => {
                visitor.visit_borrowed_str(text)
            }
            Node::Plain(text) => match whole(text) {
                Some(number) => visitor.visit_u64(number),
                None => visitor.visit_f64(decimal(text).ok_or(Doubt)?),
            },
            Node::Nothing => visitor.visit_unit(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        match self.0 {
            Node::Nothing => visitor.visit_none(),
            Node::Plain(text) if text.eq_ignore_ascii_case("null") => Err(Doubt),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        match self.0 {
            Node::Plain("true") => visitor.visit_bool(true),
            Node::Plain("false") => visitor.visit_bool(false),
            _ => Err(Doubt),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        match self.0 {
            Node::Plain(text) => visitor.visit_f64(decimal(text).ok_or(Doubt)?),
            _ => Err(Doubt),
        }
    }

    numbers! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_i64 }
    texts! { deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        self.map(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Answer<V::Value> {
        self.map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Answer<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Answer<V::Value> {
        BorrowedStrDeserializer::new(self.text()?).deserialize_enum(name, variants, visitor)
    }

    doubts! {
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i128() deserialize_u128() deserialize_f32()
        deserialize_char() deserialize_bytes() deserialize_byte_buf() deserialize_unit() deserialize_ignored_any()
        deserialize_unit_struct(&'static str) deserialize_tuple(usize) deserialize_tuple_struct(&'static str, usize)
    }
}
