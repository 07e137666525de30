//! Names the pages that text could not be read from, or not all of it: pictures of pages, fonts that do not say what they draw, and
//! what is too large or damaged.

use super::PageCheck;

/// A picture of a page.
pub(super) const PICTURE: PageCheck =
    PageCheck { code: "page-without-text", find: |page| page.picture_only.then(|| format!("{} characters", page.glyphs.len())) };

/// Characters without a known meaning: a few are ornaments, more than a tenth are text that is lost.
pub(super) const UNREAD: PageCheck = PageCheck {
    code: "page-unread",
    find: |page| {
        let (unread, all) = (page.unread as usize, page.glyphs.len());
        (unread > 5 && unread * 10 > all).then(|| format!("{unread} of {all} characters"))
    },
};

/// What of a page was not read.
pub(super) const CUT: PageCheck = PageCheck { code: "page-cut", find: |page| (!page.cut.is_empty()).then(|| page.cut.join("; ")) };
