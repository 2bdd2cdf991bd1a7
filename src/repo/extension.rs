//! The untracked cache of an index (gitformat-index, extension `UNTR`), which libgit2 leaves out when it writes one.
//!
//! It is carried over as it is: git trusts it for a folder only while the folder's own time and size are as it says, and
//! a delivery changes those of every folder it touches. Other extensions that libgit2 leaves out only cost git time
//! (`EOIE`, `IEOT`), or speak of entries by their number (`FSMN`) and are not carried over.

use sha1::{Digest, Sha1};

const UNTRACKED_CACHE: &[u8; 4] = b"UNTR";
const CHECKSUM: usize = 20;

/// `new` with the untracked cache of `old`; `None` if there is none to carry over, or one of them is not understood.
pub(super) fn carry_untracked_cache(old: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    let cache = extensions(old)?.find(|(name, _)| name == UNTRACKED_CACHE)?.1;
    if extensions(new)?.any(|(name, _)| &name == UNTRACKED_CACHE) {
        return None;
    }
    let mut out = new.get(..new.len().checked_sub(CHECKSUM)?)?.to_vec();
    out.extend(cache);
    let checksum = Sha1::digest(&out);
    out.extend(checksum);
    Some(out)
}

/// Names and whole bytes, head included, of the extensions.
fn extensions(index: &[u8]) -> Option<impl Iterator<Item = ([u8; 4], &[u8])>> {
    let mut rest = index.get(end_of_entries(index)?..index.len().checked_sub(CHECKSUM)?)?;
    Some(std::iter::from_fn(move || {
        let name = *rest.first_chunk::<4>()?;
        let (extension, next) = rest.split_at_checked(8 + number(rest, 4)?)?;
        rest = next;
        Some((name, extension))
    }))
}

fn end_of_entries(index: &[u8]) -> Option<usize> {
    if !index.starts_with(b"DIRC") {
        return None;
    }
    let version = number(index, 4)?;
    let mut at = 12;
    for _ in 0..number(index, 8)? {
        let flags = u16::from_be_bytes(*index.get(at + 60..)?.first_chunk()?);
        let name = at + if flags & 0x4000 == 0 { 62 } else { 64 };
        let nul = |from: usize| Some(from + index.get(from..)?.iter().position(|byte| *byte == 0)?);
        at = match version {
            // Padded with one to eight NULs, so that its length is a multiple of eight.
            2 | 3 => at + (nul(name)? - at + 8) / 8 * 8,
            // A number of variable length, then the rest of the name.
            4 => nul(name + index.get(name..)?.iter().position(|byte| byte & 0x80 == 0)? + 1)? + 1,
            _ => return None,
        };
    }
    Some(at)
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}
