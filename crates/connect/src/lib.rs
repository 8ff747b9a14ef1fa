//! The connect room.
