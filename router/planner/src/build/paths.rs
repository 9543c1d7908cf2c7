//! The paths of the merged tree that a plan comes to, each under a number: spots are compared and looked up at every field.

use std::sync::Arc;

use apollo_compiler::Name;
use apollo_compiler::collections::HashMap;

use super::Spot;
use crate::plan::{Path, PathStep};

/// A path's position in [`Paths`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PathId(usize);

impl PathId {
    pub const ROOT: Self = Self(0);
}

/// All paths that were asked for.
#[derive(Debug)]
pub(super) struct Paths {
    all: Vec<Path>,
    known: HashMap<(PathId, Option<Name>, Arc<str>), PathId>,
}

impl Paths {
    pub fn new() -> Self {
        Self {
            all: vec![Path::default()],
            known: HashMap::default(),
        }
    }

    pub fn get(&self, id: PathId) -> &Path {
        &self.all[id.0]
    }

    /// The path of a field of a spot.
    pub fn below(&mut self, spot: &Spot, key: &Arc<str>) -> PathId {
        let only = spot.typed.then(|| spot.ty.clone());
        let step = (spot.path, only, key.clone());
        if let Some(known) = self.known.get(&step) {
            return *known;
        }
        let mut path = self.to(spot);
        path.0.push(PathStep::Key(key.clone()));
        let id = PathId(self.all.len());
        self.all.push(path);
        self.known.insert(step, id);
        id
    }

    /// The way to the objects of a spot, and no others.
    pub fn to(&self, spot: &Spot) -> Path {
        let mut path = self.get(spot.path).clone();
        if spot.typed {
            path.0.push(PathStep::Types(vec![Arc::from(spot.ty.as_str())]));
        }
        path
    }
}
