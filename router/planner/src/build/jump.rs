//! From one subgraph to another, by keys.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use apollo_compiler::Name;
use apollo_compiler::executable::Selection as Ast;
use lavka_supergraph::{Key, SubgraphId};

use super::fields::Candidate;
use super::paths::PathId;
use super::{Builder, Source, Spot};
use crate::cond::Cond;
use crate::draft::{Entity, StepId};
use crate::error::PlanError;
use crate::plan::{RepresentationField, Typename};

/// A subgraph, and what it takes an object for.
type Vertex = (SubgraphId, Name);

/// A key, gathered: how to write it, and which steps it comes from.
type Keyed = (Vec<RepresentationField>, BTreeSet<StepId>);

/// The ways from some sources of a spot, by where they lead.
pub(super) type Ways<'a> = BTreeMap<Vertex, Way<'a>>;

/// How to come to a subgraph.
#[derive(Clone, Debug)]
pub(super) struct Way<'a> {
    distance: usize,
    /// None where a source is at hand.
    by: Option<(&'a Key, Vec<(&'a Ast, Vertex)>)>,
}

impl<'a> Builder<'a, '_> {
    /// Who knows objects of a type, and as what.
    pub(super) fn vertices(&self, ty: &Name) -> Vec<Vertex> {
        let known = self.graph.supergraph.type_model(ty);
        let subgraphs = known.into_iter().flat_map(|model| model.subgraphs.keys());
        let own = subgraphs.map(|subgraph| (*subgraph, ty.clone()));
        own.chain(self.graph.interface_objects(ty)).collect()
    }

    /// How many steps it takes to each of the candidates that can be reached.
    pub(super) fn distances(
        &self,
        spot: &Spot,
        condition: &Cond,
        candidates: &[Candidate],
    ) -> BTreeMap<Vertex, usize> {
        let vertices = candidates.iter().map(|one| (one.subgraph, one.ty.clone()));
        if spot.path == PathId::ROOT {
            return vertices.map(|vertex| (vertex, 0)).collect();
        }
        let sources = self.sources_when(spot, condition);
        if self.graph.is_query_root(&spot.ty) {
            return self.distances_below(spot, &sources);
        }
        vertices
            .filter_map(|vertex| {
                let way = self.way(spot, &vertex, &sources)?;
                Some((vertex, way.distance))
            })
            .collect()
    }

    /// The sources of a spot that hold its objects whenever the condition holds; all of them where none surely does.
    pub(super) fn sources_when(&self, spot: &Spot, condition: &Cond) -> Vec<Source<'a>> {
        let all = self.sources(spot);
        let sure = all.iter().filter(|source| condition.implies(&source.asked));
        let sure: Vec<Source<'a>> = sure.cloned().collect();
        if sure.is_empty() { all } else { sure }
    }

    /// The shortest way from some sources of a spot to a vertex.
    fn way(&self, spot: &Spot, vertex: &Vertex, sources: &[Source<'a>]) -> Option<Way<'a>> {
        let depth = |source: &Source<'a>| self.draft.steps[source.step.0].depth;
        let is_there = |source: &&Source<'a>| source.subgraph == vertex.0 && source.ty == vertex.1;
        if let Some(distance) = sources.iter().filter(is_there).map(depth).min() {
            return Some(Way { distance, by: None });
        }
        // Nothing is shorter than one step from the nearest source: mostly there is no need to look further.
        let nearest = sources.iter().map(depth).min()?;
        match self.best_key(spot, vertex, sources, &Ways::new()) {
            Some(way) if way.distance == nearest + 1 => Some(way),
            _ => self.ways(spot, sources).get(vertex).cloned(),
        }
    }

    /// The shortest ways from some sources of a spot. A subgraph is reached when all parts of one of its keys are given by what was reached before.
    fn ways(&self, spot: &Spot, sources: &[Source<'a>]) -> Rc<Ways<'a>> {
        let steps = sources
            .iter()
            .map(|source| (source.set, source.ty.clone()))
            .collect();
        let asked = (spot.key(), steps);
        if let Some(known) = self.ways_known.borrow().get(&asked) {
            return known.clone();
        }
        let ways = Rc::new(self.find_ways(spot, sources));
        self.ways_known.borrow_mut().insert(asked, ways.clone());
        ways
    }

    fn find_ways(&self, spot: &Spot, sources: &[Source<'a>]) -> Ways<'a> {
        let mut ways = Ways::new();
        for source in sources {
            let distance = self.draft.steps[source.step.0].depth;
            let way = ways
                .entry((source.subgraph, source.ty.clone()))
                .or_insert(Way { distance, by: None });
            way.distance = way.distance.min(distance);
        }
        let vertices = self.vertices(&spot.ty);
        loop {
            let mut changed = false;
            for vertex in &vertices {
                let known = ways.get(vertex).map_or(usize::MAX, |way| way.distance);
                if ways.get(vertex).is_some_and(|way| way.by.is_none()) {
                    continue;
                }
                let best = self.best_key(spot, vertex, sources, &ways);
                if let Some(way) = best.filter(|way| way.distance < known) {
                    ways.insert(vertex.clone(), way);
                    changed = true;
                }
            }
            if !changed {
                return ways;
            }
        }
    }

    /// The key of a vertex that is complete first.
    fn best_key(
        &self,
        spot: &Spot,
        vertex: &Vertex,
        sources: &[Source<'a>],
        ways: &Ways<'a>,
    ) -> Option<Way<'a>> {
        let (subgraph, ty) = vertex;
        let keys = self.graph.keys(ty, *subgraph).filter(|key| key.resolvable);
        let mut best: Option<(usize, usize, Way<'a>)> = None;
        for key in keys {
            let mut parts = Vec::new();
            let mut distance = 0;
            for part in &key.fields.selections {
                let giver = self.giver(spot, part, sources, ways);
                let Some((giver, at)) = giver else { break };
                distance = distance.max(at + 1);
                parts.push((part, giver));
            }
            if parts.len() < key.fields.selections.len() || parts.is_empty() {
                continue;
            }
            let givers: BTreeSet<_> = parts.iter().map(|(_, giver)| giver.clone()).collect();
            let size = (givers.len(), parts.len());
            let way = Way {
                distance,
                by: Some((key, parts)),
            };
            let rank = size.0 * 1000 + size.1;
            if best
                .as_ref()
                .is_none_or(|(near, small, _)| (distance, rank) < (*near, *small))
            {
                best = Some((distance, rank, way));
            }
        }
        best.map(|(_, _, way)| way)
    }

    /// The nearest that gives a part of a key.
    fn giver(
        &self,
        spot: &Spot,
        part: &'a Ast,
        sources: &[Source<'a>],
        ways: &Ways<'a>,
    ) -> Option<(Vertex, usize)> {
        let at_hand = sources.iter().filter_map(|source| {
            let given = self
                .graph
                .has(part, &source.ty, source.subgraph, &source.provided);
            given.then(|| {
                (
                    (source.subgraph, source.ty.clone()),
                    self.draft.steps[source.step.0].depth,
                )
            })
        });
        // The first of equals: what was opened first.
        let nearest = at_hand.min_by_key(|(_, distance)| *distance);
        let nothing = Self::no_provided();
        let is_interface = self.graph.supergraph.is_abstract(&spot.ty);
        let reached = ways
            .iter()
            .filter(|(_, way)| way.by.is_some())
            .filter_map(|((subgraph, ty), way)| {
                let types = self.graph.possible(ty, *subgraph);
                let given = if is_interface && !types.is_empty() {
                    types
                        .iter()
                        .all(|ty| self.graph.has(part, ty, *subgraph, &nothing))
                } else {
                    self.graph.has(part, ty, *subgraph, &nothing)
                };
                given.then(|| ((*subgraph, ty.clone()), way.distance))
            });
        nearest
            .into_iter()
            .chain(reached)
            .min_by_key(|(_, distance)| *distance)
    }

    /// A source of the spot in this subgraph: one that is there, or a new step by the shortest way.
    pub(super) fn source(
        &mut self,
        spot: &Spot,
        subgraph: SubgraphId,
        ty: &Name,
        condition: &Cond,
    ) -> Result<Option<Source<'a>>, PlanError> {
        self.visit()?;
        let known = self.sources(spot);
        // A step that is only sent under a narrower condition doesn't do; a second one is opened, and made one with it in the end.
        let fits = |source: &&Source<'a>| {
            source.subgraph == subgraph && source.ty == *ty && condition.implies(&source.asked)
        };
        if let Some(source) = known.iter().find(fits) {
            return Ok(Some(source.clone()));
        }
        if spot.path == PathId::ROOT {
            let source = self.root_source(spot, subgraph, BTreeSet::new());
            self.register(spot, &source);
            return Ok(Some(source));
        }
        if self.graph.is_query_root(&spot.ty) {
            let source = self.nested_root_source(spot, subgraph, condition);
            if let Some(source) = &source {
                self.register(spot, source);
            }
            return Ok(source);
        }
        let vertex = (subgraph, ty.clone());
        let Some((representation, depends_on)) = self.keys_for(spot, &vertex, condition)? else {
            return Ok(None);
        };
        let source = self.open(spot, &vertex, representation, depends_on, condition);
        self.register(spot, &source);
        Ok(Some(source))
    }

    /// Selects a key of the vertex (as a target) from whoever gives it.
    pub(super) fn keys_for(
        &mut self,
        spot: &Spot,
        vertex: &Vertex,
        condition: &Cond,
    ) -> Result<Option<Keyed>, PlanError> {
        let sources = self.sources_when(spot, condition);
        let best = match self.way(spot, vertex, &sources) {
            Some(way) if way.by.is_some() => Some(way),
            // The source at hand is of that very subgraph, and must be asked once more.
            _ => self.best_key(spot, vertex, &sources, &self.ways(spot, &sources)),
        };
        let Some(Way {
            by: Some((key, parts)),
            ..
        }) = best
        else {
            return Ok(None);
        };
        let mut representation = Vec::new();
        let mut depends_on = BTreeSet::new();
        for (part, (subgraph, ty)) in parts {
            let set = apollo_compiler::executable::SelectionSet {
                ty: key.fields.ty.clone(),
                selections: vec![part.clone()],
            };
            let needed = self.needed(spot, &set, condition)?;
            let at_hand = sources
                .iter()
                .filter(|source| source.subgraph == subgraph && source.ty == ty)
                .filter(|source| {
                    self.graph
                        .has(part, &source.ty, source.subgraph, &source.provided)
                })
                .min_by_key(|source| self.draft.steps[source.step.0].depth);
            let source = match at_hand {
                Some(source) => source.clone(),
                None => match self.source(spot, subgraph, &ty, condition)? {
                    Some(source) => source,
                    None => return Ok(None),
                },
            };
            self.recorders.push(BTreeSet::new());
            let mut complete = true;
            for field in &needed {
                complete &= self.take(spot, &source, field)?.is_none();
            }
            depends_on.extend(self.recorders.pop().unwrap_or_default());
            if !complete {
                return Ok(None);
            }
            let only = key.fields.selections.len() == 1;
            representation.extend(self.represent(&needed, only));
        }
        Ok(Some((representation, depends_on)))
    }

    /// Opens a step at a spot.
    pub(super) fn open(
        &mut self,
        spot: &Spot,
        (subgraph, ty): &Vertex,
        representation: Vec<RepresentationField>,
        mut depends_on: BTreeSet<StepId>,
        condition: &Cond,
    ) -> Source<'a> {
        if spot.typed {
            depends_on.extend(self.typing(spot.path, condition));
        }
        let entity = Entity {
            path: self.paths.get(spot.path).clone(),
            types: if spot.typed {
                vec![spot.ty.clone()]
            } else {
                Vec::new()
            },
            typename: if spot.typed && *ty == spot.ty {
                Typename::FromTree
            } else {
                Typename::Fixed(ty.as_str().into())
            },
            representation,
            contexts: Vec::new(),
        };
        let step = self.draft.add_step(*subgraph, Some(entity), depends_on);
        Source {
            step,
            set: self.draft.steps[step.0].set,
            under: Some(ty.clone()),
            subgraph: *subgraph,
            ty: ty.clone(),
            provided: Self::no_provided(),
            asked: condition.clone(),
        }
    }
}
