//! The test vectors that Certificate Transparency implementations share, and every proof of every
//! tree up to a size that reaches each shape.

use proptest::prelude::*;

use super::*;

/// The eight leaves of the shared vectors.
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The roots of the first none to eight of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn digest(text: &str) -> Digest {
    text.parse().unwrap()
}

fn vectors() -> Vec<Digest> {
    LEAVES.map(leaf_hash).to_vec()
}

fn numbered(size: usize) -> Vec<Digest> {
    (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

#[test]
fn roots_are_those_of_the_shared_vectors() {
    let leaves = vectors();
    let mut frontier = Frontier::default();
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(root(&leaves[..size]), digest(expected), "{size}");
        assert_eq!(frontier.root(), digest(expected), "{size}");
        if let Some(leaf) = leaves.get(size) {
            assert_eq!(frontier.append(*leaf), size as u64);
        }
    }
}

#[test]
fn proofs_are_those_of_the_shared_vectors() {
    let leaves = vectors();
    let first_of_eight = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(inclusion_proof(&leaves, 0), Some(first_of_eight.map(digest).to_vec()));
    let sixth_of_eight = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(inclusion_proof(&leaves, 5), Some(sixth_of_eight.map(digest).to_vec()));
    let six_to_eight = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(consistency_proof(&leaves, 6), Some(six_to_eight.map(digest).to_vec()));
    let two_to_five = [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ];
    assert_eq!(
        consistency_proof(&leaves[..5], 2),
        Some(two_to_five.map(digest).to_vec())
    );
}

#[test]
fn every_inclusion_proof_verifies_for_its_own_leaf_only() {
    let all = numbered(40);
    for size in 1..=all.len() {
        let leaves = &all[..size];
        let top = root(leaves);
        for index in 0..size {
            let proof = inclusion_proof(leaves, index).unwrap();
            let check = |leaf, index: usize, size: usize, proof: &[Digest]| {
                verify_inclusion(leaf, index as u64, size as u64, proof, &top)
            };
            assert_eq!(check(&leaves[index], index, size, &proof), Ok(()));
            let other = leaf_hash(b"another");
            assert!(check(&other, index, size, &proof).is_err());
            assert!(check(&leaves[index], (index + 1) % (size + 1), size, &proof).is_err());
            let mut longer = proof.clone();
            longer.push(other);
            assert!(check(&leaves[index], index, size, &longer).is_err());
            if !proof.is_empty() {
                let short = check(&leaves[index], index, size, &proof[1..]);
                assert_eq!(short, Err(ProofError::Length));
            }
        }
        assert_eq!(inclusion_proof(leaves, size), None);
        // The hashes lead to the root, but a tree of twice the size has another.
        let proof = inclusion_proof(leaves, 0).unwrap();
        let twice = verify_inclusion(&leaves[0], 0, 2 * size as u64, &proof, &top);
        assert_eq!(twice, Err(ProofError::Length));
    }
}

#[test]
fn every_consistency_proof_verifies_and_no_other_root_does() {
    let all = numbered(40);
    for new in 0..=all.len() {
        let leaves = &all[..new];
        for old in 0..=new {
            let proof = consistency_proof(leaves, old).unwrap();
            let (old_root, new_root) = (root(&all[..old]), root(leaves));
            let check = |old_root: &Digest, new_root: &Digest, proof: &[Digest]| {
                verify_consistency(old as u64, new as u64, old_root, new_root, proof)
            };
            assert_eq!(check(&old_root, &new_root, &proof), Ok(()), "{old} to {new}");
            let other = leaf_hash(b"another");
            assert!(check(&other, &new_root, &proof).is_err());
            if old > 0 {
                assert!(check(&old_root, &other, &proof).is_err());
            }
            let mut longer = proof.clone();
            longer.push(other);
            assert!(check(&old_root, &new_root, &longer).is_err());
            if !proof.is_empty() {
                assert!(check(&old_root, &new_root, &proof[1..]).is_err());
            }
        }
        assert_eq!(consistency_proof(leaves, new + 1), None);
        if new > 0 {
            let proof = consistency_proof(leaves, 1).unwrap();
            let (first, top) = (root(&all[..1]), root(leaves));
            let twice = verify_consistency(1, 2 * new as u64, &first, &top, &proof);
            assert_eq!(twice, Err(ProofError::Length));
        }
    }
    let root = root(&all);
    assert_eq!(verify_consistency(2, 1, &root, &root, &[]), Err(ProofError::Sizes));
}

#[test]
fn a_frontier_is_stored_with_the_peaks_of_its_size() {
    let mut frontier = Frontier::default();
    numbered(11).into_iter().for_each(|leaf| {
        frontier.append(leaf);
    });
    let json = serde_json::to_string(&frontier).unwrap();
    assert_eq!(serde_json::from_str::<Frontier>(&json).unwrap(), frontier);
    assert!(serde_json::from_str::<Frontier>(&json.replace("11", "12")).is_err());
    assert!(Frontier::from_parts(11, frontier.peaks()[1..].to_vec()).is_err());
}

proptest! {
    #[test]
    fn a_frontier_has_the_root_of_all_its_leaves(size in 0_usize..600) {
        let leaves = numbered(size);
        let mut frontier = Frontier::default();
        for leaf in &leaves {
            frontier.append(*leaf);
        }
        prop_assert_eq!(frontier.root(), root(&leaves));
        prop_assert_eq!(frontier.peaks().len(), size.count_ones() as usize);
    }

    #[test]
    fn a_tampered_hash_is_always_found(size in 2_usize..200, pick in any::<u64>(), bit in 0_usize..256) {
        let leaves = numbered(size);
        let index = usize::try_from(pick % size as u64).unwrap();
        let mut proof = inclusion_proof(&leaves, index).unwrap();
        let at = usize::try_from(pick >> 32).unwrap() % proof.len();
        let mut bytes = *proof[at].as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        proof[at] = Digest::from(bytes);
        let checked = verify_inclusion(&leaves[index], index as u64, size as u64, &proof, &root(&leaves));
        prop_assert_eq!(checked, Err(ProofError::Root));
    }
}
