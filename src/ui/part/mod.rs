//! The page's components, one a file. Each draws a view model and tells what was asked for.

pub mod banners;
pub mod client_card;
pub mod clients;
pub mod cluster;
pub mod dialog;
pub mod editor;
pub mod guest;
pub mod header;
pub mod inspector;
pub mod inspector_asks;
pub mod inspector_blocks;
pub mod legend;
pub mod log;
pub mod network;
pub mod rules;
pub mod safety;
pub mod scenarios;
pub mod server_node;
pub mod server_row;
pub mod settings;
pub mod stage;
pub mod stage_links;
pub mod stage_motion;
pub mod story;
pub mod timeline;
pub mod why;
