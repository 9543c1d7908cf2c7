//! The fragments and parts of one answer: which of them there are, at which objects, and how far they are.

use std::collections::{HashMap, VecDeque};

use lavka_planner::Deferral;

use crate::errors::{FieldError, Segment};
use crate::project::Found;

/// A part at an object.
#[derive(Debug)]
pub(super) struct OpenPart<'p> {
    pub found: Found<'p>,
    pub path: Vec<Segment>,
    /// The fragments that it belongs to, by their positions in the ledger.
    pub fragments: Vec<usize>,
    pub state: PartState,
}

#[derive(Debug, PartialEq)]
pub(super) enum PartState {
    Unsent,
    Sent,
    /// Null went up beyond it.
    Failed(Vec<FieldError>),
    /// What it was found in is not in the answer.
    Gone,
}

/// A deferred fragment at an object.
#[derive(Debug)]
pub(super) struct OpenFragment {
    /// Its position in the plan.
    pub fragment: usize,
    pub path: Vec<Segment>,
    /// By their positions in the ledger.
    pub parts: Vec<usize>,
    pub state: FragmentState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FragmentState {
    /// The client hasn't heard of it yet.
    Unannounced,
    /// The client knows it by this number.
    Pending(usize),
    Complete,
    /// It can't be had, and neither can what is inside of it.
    Failed,
}

pub(super) struct Ledger<'p> {
    deferral: &'p Deferral,
    pub parts: Vec<OpenPart<'p>>,
    pub fragments: Vec<OpenFragment>,
    by_place: HashMap<(usize, Vec<Segment>), usize>,
    unannounced: Vec<usize>,
    /// By fragment of the plan: what was announced and isn't complete.
    pending: Vec<VecDeque<usize>>,
    announced: usize,
}

impl<'p> Ledger<'p> {
    pub fn new(deferral: &'p Deferral) -> Self {
        Self {
            deferral,
            parts: Vec::new(),
            fragments: Vec::new(),
            by_place: HashMap::new(),
            unannounced: Vec::new(),
            pending: vec![VecDeque::new(); deferral.fragments.len()],
            announced: 0,
        }
    }

    /// Whether nothing more will come.
    pub fn is_done(&self) -> bool {
        self.unannounced.is_empty() && self.pending.iter().all(VecDeque::is_empty)
    }

    /// Whether the client waits for any of this fragment of the plan.
    pub fn is_pending(&self, fragment: usize) -> bool {
        !self.pending[fragment].is_empty()
    }

    /// The next fragment that waits to be completed, of this one in the plan.
    pub fn next_pending(&mut self, fragment: usize) -> Option<usize> {
        self.pending[fragment].pop_front()
    }

    /// Enters a part that the writer left out.
    pub fn enter(&mut self, found: Found<'p>) {
        let path = found.client_path();
        let id = self.parts.len();
        let mut fragments = Vec::new();
        for fragment in &self.deferral.parts[found.later.part].fragments {
            let place = (*fragment, self.place(*fragment, &path));
            let next = self.fragments.len();
            let at = *self.by_place.entry(place).or_insert_with_key(|(fragment, path)| {
                self.fragments.push(OpenFragment {
                    fragment: *fragment,
                    path: path.clone(),
                    parts: Vec::new(),
                    state: FragmentState::Unannounced,
                });
                next
            });
            if at == next {
                self.unannounced.push(at);
            }
            self.fragments[at].parts.push(id);
            fragments.push(at);
        }
        self.parts.push(OpenPart {
            found,
            path,
            fragments,
            state: PartState::Unsent,
        });
    }

    /// Where a fragment stands, of something below it.
    fn place(&self, fragment: usize, path: &[Segment]) -> Vec<Segment> {
        let mut left = self.deferral.fragments[fragment].depth;
        let own = path.iter().take_while(|segment| {
            if matches!(segment, Segment::Key(_)) {
                let is_own = left > 0;
                left = left.saturating_sub(1);
                is_own
            } else {
                true
            }
        });
        own.cloned().collect()
    }

    /// Fragments that the client may hear of now: nothing around them is still to come.
    pub fn announce(&mut self) -> Vec<usize> {
        let mut announced = Vec::new();
        for at in std::mem::take(&mut self.unannounced) {
            let is_gone = |part: &usize| self.parts[*part].state == PartState::Gone;
            let around = self.around(at).map(|outer| self.fragments[outer].state);
            if around == Some(FragmentState::Failed) || self.fragments[at].parts.iter().all(is_gone) {
                self.fragments[at].state = FragmentState::Failed;
            } else if around.is_some() {
                self.unannounced.push(at);
            } else {
                self.fragments[at].state = FragmentState::Pending(self.announced);
                self.announced += 1;
                self.pending[self.fragments[at].fragment].push_back(at);
                announced.push(at);
            }
        }
        announced
    }

    /// The nearest fragment around one that isn't complete.
    fn around(&self, at: usize) -> Option<usize> {
        let OpenFragment { fragment, path, .. } = &self.fragments[at];
        let mut outer = self.deferral.fragments[*fragment].within;
        while let Some(fragment) = outer {
            let known = self.by_place.get(&(fragment, self.place(fragment, path)));
            let open = known.filter(|known| self.fragments[**known].state != FragmentState::Complete);
            if let Some(known) = open {
                return Some(*known);
            }
            outer = self.deferral.fragments[fragment].within;
        }
        None
    }

    /// Whether a part may still be delivered for another fragment than this one.
    pub fn is_wanted_beside(&self, part: usize, fragment: usize) -> bool {
        self.parts[part].fragments.iter().any(|other| {
            *other != fragment
                && matches!(
                    self.fragments[*other].state,
                    FragmentState::Unannounced | FragmentState::Pending(_)
                )
        })
    }

    /// The fragment by which the client shall be told of a part: the nearest to it that it knows.
    pub fn teller(&self, part: usize) -> Option<(usize, usize)> {
        let known = self.parts[part].fragments.iter().filter_map(|at| {
            let FragmentState::Pending(id) = self.fragments[*at].state else {
                return None;
            };
            Some((*at, id))
        });
        // The first of equals.
        known.rev().max_by_key(|(at, _)| self.fragments[*at].path.len())
    }
}
