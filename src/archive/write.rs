//! A zip of pieces, in the format that [`crate::encode::zip`] knows.

use std::io::Write;

use super::piece::{Data, Piece};
use crate::encode::zip::{Frame, Shape, ZipDate, ZipError};
use crate::paths::OutputPath;

/// Writes a zip with every entry below `folder`, ordered by path.
pub fn write_zip(
    folder: &str,
    entries: &[(OutputPath, Piece)],
    date: ZipDate,
    out: &mut impl Write,
) -> Result<(), ZipError> {
    let mut sorted: Vec<(&str, &Piece)> = entries.iter().map(|(path, piece)| (path.as_str(), piece)).collect();
    sorted.sort_unstable_by_key(|&(path, _)| path);
    write_sorted(folder, &sorted, date, out)
}

/// As [`write_zip`], for entries that are in order.
pub(crate) fn write_sorted(
    folder: &str,
    entries: &[(&str, &Piece)],
    date: ZipDate,
    out: &mut (impl Write + ?Sized),
) -> Result<(), ZipError> {
    let shapes: Vec<(&str, Shape)> = entries.iter().map(|(path, piece)| (*path, shape(piece))).collect();
    let frame = Frame::new(folder, &shapes, date)?;
    for (header, (_, piece)) in frame.headers.iter().zip(entries) {
        out.write_all(header)?;
        out.write_all(piece.data.bytes())?;
    }
    Ok(out.write_all(&frame.directory)?)
}

fn shape(piece: &Piece) -> Shape {
    let is_deflated = matches!(piece.data, Data::Deflated(_));
    Shape { crc32: piece.crc32, size: piece.size, packed: piece.data.bytes().len() as u64, is_deflated }
}
