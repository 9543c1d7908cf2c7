//! What a person wants to hear, by which way, and when not.

use std::collections::HashMap;

use lavka_kit::ids::Id;

use crate::channel::Channel;
use crate::kind::Kind;
use crate::quiet_hours::QuietHours;

/// A yes or no for each channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channels {
    /// E-mail.
    pub email: bool,
    /// Text messages.
    pub sms: bool,
    /// Push messages.
    pub push: bool,
}

impl Channels {
    /// All of them: what somebody gets who chose nothing.
    pub const ALL: Self = Self {
        email: true,
        sms: true,
        push: true,
    };

    /// One of them.
    pub const fn has(self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.email,
            Channel::Sms => self.sms,
            Channel::Push => self.push,
        }
    }
}

/// What a person wants. A channel is used where both the channel and the kind say yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// Whose.
    pub user_id: Id,
    /// By channel.
    pub channels: Channels,
    /// When to be left alone: e-mails are held until the end, except urgent ones.
    pub quiet_hours: Option<QuietHours>,
    /// By kind; what isn't named wants all.
    pub kinds: HashMap<Kind, Channels>,
}

impl Preferences {
    /// Those of somebody who has chosen nothing.
    pub fn of_everybody(user_id: Id) -> Self {
        Self {
            user_id,
            channels: Channels::ALL,
            quiet_hours: None,
            kinds: HashMap::new(),
        }
    }

    /// What is wanted of a kind. Security e-mails are always wanted.
    pub fn of_kind(&self, kind: Kind) -> Channels {
        let mut channels = self.kinds.get(&kind).copied().unwrap_or(Channels::ALL);
        channels.email |= kind.is_security();
        channels
    }

    /// Whether this kind goes out by this channel.
    pub fn allow(&self, kind: Kind, channel: Channel) -> bool {
        if channel == Channel::Email && kind.is_security() {
            return true;
        }
        self.channels.has(channel) && self.of_kind(kind).has(channel)
    }
}
