//! What an incident and a PDCA are, and what may happen to them: values in, values out.
