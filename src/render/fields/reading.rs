//! Reads a shape off a sample: a serializer that keeps of every value what kind it is.
//!
//! The engine's own values would not do: they no longer know that something may be missing,
//! nor a struct, whose fields are fixed, from a map.

use std::collections::BTreeMap;
use std::fmt::Error;

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::shape::{Leaf, Shape};
use crate::render::HTML;

type Result<T = Shape> = std::result::Result<T, Error>;

/// The serializer.
pub(super) struct Reading;

/// All methods for values of one kind.
macro_rules! leaves {
    ($leaf:expr => $($method:ident($kind:ty))*) => {
        $(fn $method(self, _: $kind) -> Result { Ok(Shape::Leaf($leaf)) })*
    };
}

impl Serializer for Reading {
    type Ok = Shape;
    type Error = Error;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = Impossible<Shape, Error>;
    type SerializeMap = Map;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Impossible<Shape, Error>;

    leaves!(Leaf::Bool => serialize_bool(bool));
    leaves!(Leaf::String => serialize_char(char) serialize_str(&str));
    leaves!(Leaf::Number =>
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_f32(f32) serialize_f64(f64));

    fn serialize_bytes(self, _: &[u8]) -> Result {
        Ok(Shape::Any)
    }

    fn serialize_none(self) -> Result {
        Ok(Shape::Optional(Box::new(Shape::Any)))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        Ok(Shape::Optional(Box::new(value.serialize(self)?)))
    }

    fn serialize_unit(self) -> Result {
        Ok(Shape::Any)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result {
        Ok(Shape::Any)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result {
        Ok(Shape::Leaf(Leaf::String))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result {
        if name == HTML { Ok(Shape::Leaf(Leaf::Html)) } else { value.serialize(self) }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result {
        Err(Error)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List> {
        Ok(List(None))
    }

    fn serialize_tuple(self, _: usize) -> Result<List> {
        Ok(List(None))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List> {
        Ok(List(None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        Err(Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Map> {
        Ok(Map)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields> {
        Ok(Fields(BTreeMap::new()))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        Err(Error)
    }
}

/// The shape of the first element.
pub(super) struct List(Option<Shape>);

impl List {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        if self.0.is_none() {
            self.0 = Some(value.serialize(Reading)?);
        }
        Ok(())
    }

    fn shape(self) -> Shape {
        Shape::List(Box::new(self.0.unwrap_or(Shape::Any)))
    }
}

/// Lists under every name that serde has for them.
macro_rules! lists {
    ($($kind:ident::$add:ident)*) => {
        $(impl ser::$kind for List {
            type Ok = Shape;
            type Error = Error;

            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.add(value)
            }

            fn end(self) -> Result {
                Ok(self.shape())
            }
        })*
    };
}

lists!(SerializeSeq::serialize_element SerializeTuple::serialize_element SerializeTupleStruct::serialize_field);

/// What is in a map is not looked at.
pub(super) struct Map;

impl ser::SerializeMap for Map {
    type Ok = Shape;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<()> {
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<()> {
        Ok(())
    }

    fn end(self) -> Result {
        Ok(Shape::Map)
    }
}

/// The fields of a struct.
pub(super) struct Fields(BTreeMap<String, Shape>);

impl ser::SerializeStruct for Fields {
    type Ok = Shape;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        self.0.insert(name.to_owned(), value.serialize(Reading)?);
        Ok(())
    }

    fn end(self) -> Result {
        Ok(Shape::Fields(self.0))
    }
}
