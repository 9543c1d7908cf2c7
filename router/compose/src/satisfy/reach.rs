//! Where keys lead from a hold.
//!
//! Reaching is a fixpoint: a subgraph is reached when one of its keys can be had from what was reached before. Having a field may itself need other
//! fields (`@requires`), of this object or of others below it, and these may need ours in turn. What is asked while it is being answered
//! counts as not (yet) had, and only answers that no such question went into are remembered.

use std::collections::HashMap;
use std::rc::Rc;

use apollo_compiler::executable::{Selection, SelectionSet};

use super::contexts::Contexts;
use super::holds::{Hold, Holds, Vertex};

/// Steps of the whole check. Honest schemas of 5,000 types over 200 subgraphs take some hundred thousand.
const MOST_STEPS: usize = 20_000_000;
/// How deep requirements may stand in requirements.
const DEEPEST: usize = 100;

/// The check was given up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TooMany {
    #[error("whether all operations can be answered is not known after {MOST_STEPS} steps")]
    Steps,
    #[error("keys and @requires depend on each other more than {DEEPEST} times in a row, at {0}")]
    Nested(String),
}

pub(super) type Checked<T> = Result<T, TooMany>;

/// All holds of an object that can be had from one, that one first.
pub(super) type Reached<'a> = Rc<[Hold<'a>]>;

/// A question about an object of a type.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Question<'a> {
    Reach(&'a str, Hold<'a>),
    Requires(&'a str, Hold<'a>, Vertex<'a>, &'a str),
}

pub(super) struct Reach<'a, 'h> {
    pub holds: &'h Holds<'a>,
    known: HashMap<Question<'a>, Answer<'a>>,
    /// The questions that are being answered, and what is known so far.
    open: Vec<(Question<'a>, Answer<'a>)>,
    /// The outermost open question whose unfinished answer was used.
    used: usize,
    steps: usize,
}

#[derive(Clone)]
enum Answer<'a> {
    Reached(Reached<'a>),
    Met(bool),
}

impl<'a, 'h> Reach<'a, 'h> {
    pub fn new(holds: &'h Holds<'a>) -> Self {
        Self {
            holds,
            known: HashMap::new(),
            open: Vec::new(),
            used: usize::MAX,
            steps: 0,
        }
    }

    fn step(&mut self) -> Checked<()> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            Err(TooMany::Steps)
        } else {
            Ok(())
        }
    }

    /// All holds of an object of this type that can be had from one. An interface stands for objects whose type isn't known.
    pub fn from(&mut self, ty: &'a str, start: &Hold<'a>) -> Checked<Reached<'a>> {
        let question = Question::Reach(ty, start.clone());
        if let Some(Answer::Reached(reached)) = self.ask(&question) {
            return Ok(reached);
        }
        let mut reached: Reached<'a> = Rc::from([start.clone()]);
        loop {
            let more = self.answering(&question, Answer::Reached(reached.clone()), |reach| {
                reach.one_further(ty, &reached)
            })?;
            if more.is_empty() {
                break;
            }
            reached = reached.iter().cloned().chain(more).collect();
        }
        let complete = self.used >= self.open.len();
        self.close(complete.then(|| (question, Answer::Reached(reached.clone()))));
        Ok(reached)
    }

    /// The subgraphs that one of their keys leads to.
    fn one_further(&mut self, ty: &'a str, reached: &Reached<'a>) -> Checked<Vec<Hold<'a>>> {
        let mut more = Vec::new();
        let is_root = self.is_query_root(ty);
        for vertex in self.holds.vertices(ty).iter().copied() {
            if reached.iter().any(|hold| hold.vertex() == vertex) {
                continue;
            }
            if is_root || self.has_a_key(ty, reached, vertex)? {
                more.push(Hold::plain(vertex));
            }
        }
        Ok(more)
    }

    /// Every subgraph can be asked for root fields at any time.
    pub fn is_query_root(&self, ty: &str) -> bool {
        self.holds.supergraph.is_query_root(ty)
    }

    /// Whether one of a subgraph's keys can be had from these holds.
    pub fn has_a_key(&mut self, ty: &'a str, reached: &Reached<'a>, vertex: Vertex<'a>) -> Checked<bool> {
        for key in self.holds.keys(vertex).filter(|key| key.resolvable) {
            if self.has_all(ty, reached, &key.fields)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether all of a field set can be had from these holds, which are all that can be reached.
    pub fn has_all(&mut self, ty: &'a str, reached: &Reached<'a>, set: &'a SelectionSet) -> Checked<bool> {
        for selection in &set.selections {
            if !self.has(ty, reached, selection)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn has(&mut self, ty: &'a str, reached: &Reached<'a>, selection: &'a Selection) -> Checked<bool> {
        self.step()?;
        match selection {
            Selection::Field(field) if field.name == "__typename" => Ok(true),
            Selection::Field(field) if field.selection_set.selections.is_empty() => {
                self.is_given(ty, reached, &field.name)
            }
            Selection::Field(field) => {
                let below = self.below(ty, reached, &field.name)?;
                Ok(!below.is_empty() && self.has_all_below(&below, &field.selection_set)?)
            }
            Selection::InlineFragment(fragment) => {
                let condition = fragment.type_condition.as_ref();
                if condition.is_none_or(|on| self.holds.overlap(on, ty)) {
                    self.has_all(ty, reached, &fragment.selection_set)
                } else {
                    Ok(true)
                }
            }
            Selection::FragmentSpread(_) => Ok(false),
        }
    }

    /// Each part of a field set must be had from one of several holds of the same object, whatever its type turns out to be.
    fn has_all_below(&mut self, below: &[Hold<'a>], set: &'a SelectionSet) -> Checked<bool> {
        let objects = self.objects(below)?;
        for (ty, holds) in objects.of_type {
            for selection in &set.selections {
                let mut had = false;
                // Without leaving the subgraph first: it is the usual case, and asks no further questions.
                for hold in &holds {
                    had = had || self.has(ty, &Rc::from([hold.clone()]), selection)?;
                }
                for hold in &holds {
                    if had {
                        break;
                    }
                    let reached = self.from(ty, hold)?;
                    had = self.has(ty, &reached, selection)?;
                }
                if !had {
                    return Ok(false);
                }
            }
        }
        Ok(!objects.untold)
    }

    fn is_given(&mut self, ty: &'a str, reached: &Reached<'a>, field: &'a str) -> Checked<bool> {
        for hold in reached.iter() {
            self.step()?;
            let declared = self.gives(ty, reached, hold, field)?;
            // What a key or @requires names is had without knowing of any context.
            if declared.is_some_and(|declared| declared.context_arguments.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Who holds what is below a field.
    pub fn below(&mut self, ty: &'a str, reached: &Reached<'a>, field: &'a str) -> Checked<Vec<Hold<'a>>> {
        self.below_with(ty, reached, field, &Contexts::default())
    }

    /// The same, where values of some contexts can be had.
    pub fn below_with(
        &mut self,
        ty: &'a str,
        reached: &Reached<'a>,
        field: &'a str,
        contexts: &Contexts<'a>,
    ) -> Checked<Vec<Hold<'a>>> {
        let mut below = Vec::new();
        for hold in reached.iter() {
            self.step()?;
            let Some(declared) = self.gives(ty, reached, hold, field)? else {
                continue;
            };
            let arguments = &declared.context_arguments;
            let is_told = arguments.iter().all(|argument| contexts.has(argument));
            if is_told && (arguments.is_empty() || self.has_a_key(ty, reached, hold.vertex())?) {
                below.push(self.holds.below(hold, field, declared));
            }
        }
        Ok(below)
    }

    /// The declaration of a field that can be had at a hold, with all that it requires; what it takes from contexts is still to be had.
    fn gives(
        &mut self,
        ty: &'a str,
        reached: &Reached<'a>,
        hold: &Hold<'a>,
        field: &'a str,
    ) -> Checked<Option<&'a lavka_supergraph::FieldInSubgraph>> {
        let Some(declared) = self.holds.given(hold, field) else {
            return Ok(None);
        };
        // On an interface that is really one, the field is what its types give.
        if self.holds.supergraph.is_abstract(hold.ty) && !self.holds.is_interface_object(hold.vertex()) {
            let types = self.holds.possible(hold.vertex());
            let all = types.iter().all(|ty| {
                let own = Hold { ty, ..hold.clone() };
                let given = self.holds.given(&own, field);
                given.is_some_and(|declared| !declared.is_demanding())
            });
            return Ok(all.then_some(declared));
        }
        match &declared.requires {
            Some(requires) => {
                let met = self.requirements_are_met(ty, reached, hold, field, requires)?;
                Ok(met.then_some(declared))
            }
            None => Ok(Some(declared)),
        }
    }

    /// Whether a subgraph can be told what it requires: the fields can be had, and a key to come (back) with them.
    fn requirements_are_met(
        &mut self,
        ty: &'a str,
        reached: &Reached<'a>,
        hold: &Hold<'a>,
        field: &'a str,
        requires: &'a SelectionSet,
    ) -> Checked<bool> {
        let start = reached.first().unwrap_or(hold).clone();
        let question = Question::Requires(ty, start, hold.vertex(), field);
        // An unfinished reach may find more later: what isn't met yet is asked again then.
        if let Some(Answer::Met(met)) = self.ask(&question) {
            return Ok(met);
        }
        let met = self.answering(&question, Answer::Met(false), |reach| {
            Ok(reach.has_all(ty, reached, requires)? && reach.has_a_key(ty, reached, hold.vertex())?)
        })?;
        // What is met stays met: more can only be added to what it was met from.
        self.close(met.then_some((question, Answer::Met(met))));
        Ok(met)
    }

    /// What is known, or known so far.
    fn ask(&mut self, question: &Question<'a>) -> Option<Answer<'a>> {
        if let Some(answer) = self.known.get(question) {
            return Some(answer.clone());
        }
        let at = self.open.iter().position(|(open, _)| open == question)?;
        self.used = self.used.min(at);
        Some(self.open[at].1.clone())
    }

    fn answering<T>(
        &mut self,
        question: &Question<'a>,
        so_far: Answer<'a>,
        work: impl FnOnce(&mut Self) -> Checked<T>,
    ) -> Checked<T> {
        if self.open.len() >= DEEPEST {
            let (Question::Reach(ty, _) | Question::Requires(ty, ..)) = question;
            return Err(TooMany::Nested((*ty).to_owned()));
        }
        self.open.push((question.clone(), so_far));
        let result = work(self);
        self.open.pop();
        result
    }

    /// Keeps an answer, and forgets that it used itself while it was unfinished.
    fn close(&mut self, keep: Option<(Question<'a>, Answer<'a>)>) {
        self.known.extend(keep);
        if self.used >= self.open.len() {
            self.used = usize::MAX;
        }
    }
}
