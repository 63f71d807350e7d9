//! Typed values from plain data, by serde.
//!
//! An error knows the path of the value that does not fit. The path is put together only while an
//! error travels outwards, so reading what fits costs nothing for it.

use std::fmt::{self, Display};

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, EnumAccess, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor, value::StrDeserializer,
};
use serde::forward_to_deserialize_any;

use crate::data::{Data, DataMap};

/// A value that does not fit its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Its dotted path: `qualification.signals[title].points`. Items of a list are named by their
    /// `id`, or counted from 0 where they have none.
    pub path: String,
    pub message: String,
}

impl ReadError {
    fn under(mut self, segment: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path.insert_str(0, dot);
        self.path.insert_str(0, segment);
        self
    }
}

impl Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path, self.message)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: Display>(message: T) -> Self {
        Self { path: String::new(), message: message.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}, found {found}"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format_args!("the key `{field}` is missing"))
    }

    fn unknown_variant(found: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format_args!("`{found}` is not one of `{}`", expected.join("`, `")))
    }
}

/// Reads `data`, which stands at `path`, as a `T`.
pub fn read<T: DeserializeOwned>(data: &Data, path: &str) -> Result<T, ReadError> {
    T::deserialize(Reader(data)).map_err(|error| if path.is_empty() { error } else { error.under(path) })
}

struct Reader<'de>(&'de Data);

impl<'de> de::Deserializer<'de> for Reader<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.0 {
            Data::Null => visitor.visit_unit(),
            Data::Bool(value) => visitor.visit_bool(*value),
            Data::Int(value) => visitor.visit_i64(*value),
            Data::Float(value) => visitor.visit_f64(*value),
            Data::Text(text) => visitor.visit_borrowed_str(text),
            Data::Html(html) => visitor.visit_borrowed_str(html),
            Data::List(items) => visitor.visit_seq(Items { items, next: 0 }),
            Data::Map(map) => visitor.visit_map(Entries { map, next: 0 }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match self.0 {
            Data::Text(text) => visitor.visit_enum(Variant { name: text, content: None }),
            Data::Map(map) if map.len() == 1 => visitor.visit_enum(Variant::of(map)),
            other => Err(ReadError::invalid_type(unexpected(other), &"a name, or a map with one key")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

fn unexpected(data: &Data) -> Unexpected<'_> {
    match data {
        Data::Null => Unexpected::Unit,
        Data::Bool(value) => Unexpected::Bool(*value),
        Data::Int(value) => Unexpected::Signed(*value),
        Data::Float(value) => Unexpected::Float(*value),
        Data::Text(text) => Unexpected::Str(text),
        Data::Html(html) => Unexpected::Str(html),
        Data::List(_) => Unexpected::Seq,
        Data::Map(_) => Unexpected::Map,
    }
}

struct Items<'de> {
    items: &'de [Data],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        let Some(item) = self.items.get(self.next) else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        seed.deserialize(Reader(item)).map(Some).map_err(|error| match item.get("id").and_then(Data::as_str) {
            Some(id) => error.under(&format!("[{id}]")),
            None => error.under(&format!("[{index}]")),
        })
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

struct Entries<'de> {
    map: &'de DataMap,
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        let Some((key, _)) = self.map.get_index(self.next) else { return Ok(None) };
        let reader: StrDeserializer<'_, ReadError> = (&**key).into_deserializer();
        seed.deserialize(reader).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ReadError> {
        let Some((key, value)) = self.map.get_index(self.next) else {
            return Err(ReadError::custom("a value was asked for before its key"));
        };
        self.next += 1;
        seed.deserialize(Reader(value)).map_err(|error| error.under(key))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.map.len() - self.next)
    }
}

struct Variant<'de> {
    name: &'de str,
    content: Option<&'de Data>,
}

impl<'de> Variant<'de> {
    /// The variant that a map's first key names.
    fn of(map: &'de DataMap) -> Self {
        match map.first() {
            Some((name, content)) => Self { name, content: Some(content) },
            None => Self { name: "", content: None },
        }
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = ReadError;
    type Variant = Content<'de>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Content<'de>), ReadError> {
        let name: StrDeserializer<'_, ReadError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, Content { name: self.name, content: self.content }))
    }
}

struct Content<'de> {
    name: &'de str,
    content: Option<&'de Data>,
}

impl<'de> Content<'de> {
    fn reader(&self) -> Result<Reader<'de>, ReadError> {
        let missing = || ReadError::custom(format_args!("`{}` needs a value: `{}: …`", self.name, self.name));
        self.content.map(Reader).ok_or_else(missing)
    }
}

impl<'de> VariantAccess<'de> for Content<'de> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        match self.content {
            None | Some(Data::Null) => Ok(()),
            Some(_) => Err(ReadError::custom(format_args!("`{}` takes no value", self.name))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(self.reader()?).map_err(|error| error.under(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        de::Deserializer::deserialize_any(self.reader()?, visitor).map_err(|error| error.under(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, ReadError> {
        de::Deserializer::deserialize_any(self.reader()?, visitor).map_err(|error| error.under(self.name))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Model {
        signals: Vec<Signal>,
        #[serde(default)]
        note: Option<String>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Signal {
        id: String,
        points: i32,
        kind: Kind,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Fit,
        Decay(f64),
        Window { days: u32 },
    }

    fn signal(points: Data, kind: Data) -> Data {
        Data::map([("id", Data::from("title")), ("points", points), ("kind", kind)])
    }

    fn model(points: Data, kind: Data) -> Data {
        Data::map([("signals", Data::list([signal(points, kind)])), ("note", Data::Null)])
    }

    fn kind(kind: Data) -> Kind {
        read::<Model>(&model(Data::Int(3), kind), "").unwrap().signals.remove(0).kind
    }

    #[test]
    fn reads_structs_options_and_all_kinds_of_variants() {
        let read_back = read::<Model>(&model(Data::Int(3), "fit".into()), "qualification").unwrap();
        assert_eq!(read_back.signals[0], Signal { id: "title".into(), points: 3, kind: Kind::Fit });
        assert_eq!(read_back.note, None);
        assert_eq!(kind(Data::map([("decay", Data::Int(50))])), Kind::Decay(50.0));
        assert_eq!(kind(Data::map([("window", Data::map([("days", Data::Int(9))]))])), Kind::Window { days: 9 });
    }

    #[test]
    fn names_the_path_of_what_does_not_fit() {
        let error = read::<Model>(&model("many".into(), "fit".into()), "qualification").unwrap_err();
        assert_eq!(error.path, "qualification.signals[title].points");
        assert_eq!(error.message, "expected i32, found string \"many\"");
        let error = read::<Model>(&model(Data::Int(1), "fitt".into()), "qualification").unwrap_err();
        assert_eq!(error.path, "qualification.signals[title].kind");
        assert_eq!(error.message, "`fitt` is not one of `fit`, `decay`, `window`");
        let error = read::<Model>(&Data::map([("note", Data::Null)]), "qualification").unwrap_err();
        assert_eq!((error.path.as_str(), error.message.as_str()), ("qualification", "the key `signals` is missing"));
        let error = read::<Vec<i32>>(&Data::list([Data::Int(1), Data::Bool(true)]), "caps").unwrap_err();
        assert_eq!(error.path, "caps[1]");
    }
}
