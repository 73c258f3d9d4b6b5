//! The Merkle tree of RFC 6962 section 2.1. Its invariant: a proof that verifies means that the
//! leaf is in the tree, or that the old tree is a prefix of the new one, unless SHA-256 is broken.
//!
//! Leaves are given as their hashes, so that the log may keep them without what they hash.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Digest;

/// The hash of a leaf: SHA-256 of 0x00 and the leaf's bytes.
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Digest {
    Digest::of_parts(&[&[0], leaf])
}

/// The hash of a node: SHA-256 of 0x01 and the two hashes beneath.
#[must_use]
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    Digest::of_parts(&[&[1], left.as_bytes(), right.as_bytes()])
}

/// The root over the leaf hashes. Of none it is SHA-256 of nothing.
#[must_use]
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root(left), &root(right))
        }
    }
}

/// The hashes that lead from the leaf at `index` to the root, nearest the leaf first. None when
/// there is no such leaf.
#[must_use]
pub fn inclusion_proof(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut leaves, mut index) = (leaves, index);
    let mut path = Vec::new();
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            index -= left.len();
            path.push(root(left));
            leaves = right;
        }
    }
    path.reverse();
    Some(path)
}

/// The hashes that show the tree of the first `old_size` leaves to be a prefix of this one. None
/// when it would be larger. From nothing, or to itself, there is nothing to show.
#[must_use]
pub fn consistency_proof(leaves: &[Digest], old_size: usize) -> Option<Vec<Digest>> {
    if old_size > leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    if old_size == 0 || old_size == leaves.len() {
        return Some(path);
    }
    let (mut leaves, mut old_size) = (leaves, old_size);
    // Whether the old tree's root is the root of the subtree that is left, and so known already.
    let mut known = true;
    while old_size < leaves.len() {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if old_size <= left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            old_size -= left.len();
            known = false;
            leaves = right;
        }
    }
    if !known {
        path.push(root(leaves));
    }
    path.reverse();
    Some(path)
}

/// The proof does not show what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The leaf's index is past the tree, or the old tree is larger than the new.
    #[error("the sizes of the trees do not allow what is to be proved")]
    Sizes,
    /// There are more or fewer hashes than the sizes call for.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root")]
    Root,
}

/// Checks that the leaf with this hash is at `index` in the tree of `size` leaves with this root,
/// by the algorithm of RFC 9162 section 2.1.3.2.
///
/// # Errors
/// When the proof does not show it.
pub fn verify_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Sizes);
    }
    let mut walk = Walk::new(index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        hash = if walk.sibling_is_left()? {
            node_hash(sibling, &hash)
        } else {
            node_hash(&hash, sibling)
        };
        walk.up();
    }
    walk.finished()?;
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `old_size` leaves with root `old` is a prefix of that of `new_size` with
/// root `new`, by the algorithm of RFC 9162 section 2.1.4.2.
///
/// # Errors
/// When the proof does not show it.
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    old: &Digest,
    new: &Digest,
    proof: &[Digest],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::Sizes);
    }
    if old_size == 0 || old_size == new_size {
        let same = if old_size == 0 {
            *old == root(&[]) && (new_size > 0 || old == new)
        } else {
            old == new
        };
        return match (proof, same) {
            ([], true) => Ok(()),
            ([], false) => Err(ProofError::Root),
            _ => Err(ProofError::Length),
        };
    }
    let mut walk = Walk::new(old_size - 1, new_size - 1);
    walk.skip_right_edges();
    // When the old tree is whole, its root begins the proof without being written in it.
    let (first, rest) = if old_size.is_power_of_two() {
        (*old, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ProofError::Length)?;
        (*first, rest)
    };
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        if walk.sibling_is_left()? {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        walk.up();
    }
    walk.finished()?;
    if old_hash == *old && new_hash == *new {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

/// A climb from one leaf to the root: the place of the node, and of the last node, on each level.
struct Walk {
    place: u64,
    last: u64,
}

impl Walk {
    const fn new(place: u64, last: u64) -> Self {
        Self { place, last }
    }

    /// Which side the next hash of the proof is on; an error when the climb is already at the root.
    fn sibling_is_left(&mut self) -> Result<bool, ProofError> {
        if self.last == 0 {
            return Err(ProofError::Length);
        }
        let left = self.place & 1 == 1 || self.place == self.last;
        if left {
            // The last node of a level may have no sibling there and rises until it has.
            while self.place & 1 == 0 && self.place != 0 {
                self.up();
            }
        }
        Ok(left)
    }

    fn skip_right_edges(&mut self) {
        while self.place & 1 == 1 {
            self.up();
        }
    }

    const fn up(&mut self) {
        self.place >>= 1;
        self.last >>= 1;
    }

    const fn finished(&self) -> Result<(), ProofError> {
        if self.last == 0 {
            Ok(())
        } else {
            Err(ProofError::Length)
        }
    }
}

/// The largest power of two below `size`, which is at least two.
const fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

/// What must be kept of a tree to append to it: the roots of its whole subtrees, largest first, one
/// for each bit of its size. Appending costs at most 64 hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FrontierParts")]
pub struct Frontier {
    size: u64,
    peaks: Vec<Digest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontierParts {
    size: u64,
    peaks: Vec<Digest>,
}

impl TryFrom<FrontierParts> for Frontier {
    type Error = WrongPeaks;

    fn try_from(parts: FrontierParts) -> Result<Self, Self::Error> {
        Self::from_parts(parts.size, parts.peaks)
    }
}

/// A frontier has one peak for each bit of its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a tree of {size} leaves has {} peaks, not {found}", size.count_ones())]
pub struct WrongPeaks {
    size: u64,
    found: usize,
}

impl Frontier {
    /// The frontier of a tree as it was stored.
    ///
    /// # Errors
    /// When the number of peaks is not that of the size.
    pub fn from_parts(size: u64, peaks: Vec<Digest>) -> Result<Self, WrongPeaks> {
        if u32::try_from(peaks.len()) == Ok(size.count_ones()) {
            Ok(Self { size, peaks })
        } else {
            let found = peaks.len();
            Err(WrongPeaks { size, found })
        }
    }

    /// How many leaves the tree has, which is the index of the next.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of its whole subtrees, largest first.
    #[must_use]
    pub fn peaks(&self) -> &[Digest] {
        &self.peaks
    }

    /// Appends a leaf by its hash and gives its index.
    pub fn append(&mut self, leaf: Digest) -> u64 {
        let index = self.size;
        let mut hash = leaf;
        for _ in 0..index.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
        index
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(|| root(&[]))
    }
}

#[cfg(test)]
mod tests;
