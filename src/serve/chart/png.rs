//! Makes pixels of a picture.
//!
//! In:  an SVG document without text elements.
//! Out: a PNG file of the same picture, two pixels for each unit.

use crate::error::{Error, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Pixels for each unit: sharp on dense screens and on paper.
const DENSITY: f32 = 2.0;

/// The bytes of the file.
pub(super) fn pixels(document: &str) -> Result<Vec<u8>> {
    let failed = |why: String| Error::failed(format!("the picture cannot be drawn: {why}"));
    let tree = Tree::from_str(document, &Options::default()).map_err(|error| failed(error.to_string()))?;
    let (width, height) = ((tree.size().width() * DENSITY).ceil() as u32, (tree.size().height() * DENSITY).ceil() as u32);
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| failed(format!("{width} by {height} pixels are too many")))?;
    resvg::render(&tree, Transform::from_scale(DENSITY, DENSITY), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| failed(error.to_string()))
}
