//! The `localStorage` disk, in a browser.

use raftbank::disk::{
    Disk, DiskError, LocalStorageDisk, MemoryDisk, Partial, Write, layout, record,
};
use wasm_bindgen_test::wasm_bindgen_test;

/// The storage of the test's page, emptied. The tests run one after the other.
fn storage() -> web_sys::Storage {
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    storage.clear().unwrap();
    storage
}

fn open() -> LocalStorageDisk {
    LocalStorageDisk::open().expect("the test's browser has localStorage")
}

fn keys(disk: &LocalStorageDisk) -> Vec<String> {
    disk.keys().unwrap().iter().map(ToString::to_string).collect()
}

/// Fills the whole storage with a key of somebody else's, but for `room` UTF-16 units.
fn fill(storage: &web_sys::Storage, room: usize) {
    const FILLER: &str = "filler";
    let mut length = 0;
    let mut step = 1 << 23;
    while step > 0 {
        let fits = storage.set_item(FILLER, &"x".repeat(length + step)).is_ok();
        length += if fits { step } else { 0 };
        step /= 2;
    }
    assert!(length > 1 << 20, "browsers give a page millions of units, not {length}");
    storage.set_item(FILLER, &"x".repeat(length - room)).unwrap();
}

#[wasm_bindgen_test]
fn what_is_written_is_there_when_it_is_opened_again() {
    let storage = storage();
    let value = "{\"name\":\"Älice 𝄞\",\"empty\":\"\"}\n\0";
    let mut disk = open();
    disk.write("raftbank/S1/state", value).unwrap();
    disk.write("raftbank/S1/empty", "").unwrap();
    disk.write("raftbank/S1/state", value).unwrap();

    let mut again = open();
    assert_eq!(keys(&again), ["raftbank/S1/empty", "raftbank/S1/state"]);
    assert_eq!(again.read("raftbank/S1/state").unwrap().as_deref(), Some(value));
    assert_eq!(again.read("raftbank/S1/empty").unwrap().as_deref(), Some(""));
    assert_eq!(again.read("raftbank/S2/state").unwrap(), None);
    assert_eq!(storage.get_item("raftbank/S1/state").unwrap().as_deref(), Some(value));

    again.remove("raftbank/S1/state").unwrap();
    again.remove("raftbank/S1/state").unwrap();
    assert_eq!(disk.read("raftbank/S1/state").unwrap(), None);
}

#[wasm_bindgen_test]
fn other_pages_keys_are_not_seen() {
    let storage = storage();
    storage.set_item("raftbanker", "not ours").unwrap();
    storage.set_item("theme", "not ours").unwrap();
    let mut disk = open();
    disk.write("raftbank/cluster", "ours").unwrap();
    assert_eq!(keys(&disk), ["raftbank/cluster"]);
    assert_eq!(storage.length().unwrap(), 3, "and opening leaves nothing behind");
}

#[wasm_bindgen_test]
fn writes_are_done_in_order_up_to_the_one_that_does_not_fit() {
    let storage = storage();
    let mut disk = open();
    disk.write("raftbank/S1/state", "old").unwrap();
    fill(&storage, 100);
    let big = "x".repeat(200);
    let failed = disk
        .apply(&[
            Write::put("raftbank/S1/block/1", "one"),
            Write::put("raftbank/S1/block/1", "1"),
            Write::put("raftbank/S1/state", big.clone()),
            Write::put("raftbank/S1/block/2", "two"),
        ])
        .unwrap_err();
    assert_eq!(failed.done, 2);
    assert_eq!(failed.error, DiskError::Full { key: "raftbank/S1/state".to_owned() });
    assert_eq!(keys(&disk), ["raftbank/S1/block/1", "raftbank/S1/state"]);
    assert_eq!(disk.read("raftbank/S1/block/1").unwrap().as_deref(), Some("1"));
    assert_eq!(disk.read("raftbank/S1/state").unwrap().as_deref(), Some("old"));

    storage.remove_item("filler").unwrap();
    disk.write("raftbank/S1/state", &big).unwrap();
    storage.clear().unwrap();
}

#[wasm_bindgen_test]
fn full_storage_opens_so_that_it_can_be_read() {
    let storage = storage();
    open().write("raftbank/S1/state", "the value that is kept").unwrap();
    fill(&storage, 0);
    let mut disk = open();
    assert_eq!(disk.read("raftbank/S1/state").unwrap().as_deref(), Some("the value that is kept"));
    let full = DiskError::Full { key: "raftbank/S1/block/1".to_owned() };
    assert_eq!(disk.write("raftbank/S1/block/1", "one"), Err(full));
    disk.remove("raftbank/S1/state").unwrap();
    disk.write("raftbank/S1/block/1", "one").unwrap();
    storage.clear().unwrap();
}

#[wasm_bindgen_test]
fn room_is_counted_as_the_memory_disk_counts_it() {
    let storage = storage();
    let mut memory = MemoryDisk::new();
    memory.write("raftbank/é", "𝄞").unwrap();
    let needed = memory.used() as usize;
    for (room, fits) in [(needed, true), (needed - 1, false)] {
        fill(&storage, room);
        assert_eq!(open().write("raftbank/é", "𝄞").is_ok(), fits, "{room}");
        storage.clear().unwrap();
    }
}

#[wasm_bindgen_test]
fn an_edit_from_outside_is_found_and_named() {
    let storage = storage();
    let mut disk = open();
    let server = "S1".parse().unwrap();
    let mut part = Partial::new(&mut disk, layout::server_prefix(server));
    let mut memory = MemoryDisk::new();
    for (key, value) in [("state", record::write(&7)), ("block/1", "one".to_owned())] {
        part.write(key, &value).unwrap();
        memory.write(key, &value).unwrap();
    }
    assert_eq!(memory.differences(&part), Ok(Vec::new()));

    let state = storage.get_item("raftbank/S1/state").unwrap().unwrap();
    storage.set_item("raftbank/S1/state", &state.replace(":7}", ":8}")).unwrap();
    storage.remove_item("raftbank/S1/block/1").unwrap();
    let differences = memory.differences(&part).unwrap();
    let keys: Vec<&str> = differences.iter().map(|difference| &*difference.key).collect();
    assert_eq!(keys, ["block/1", "state"]);

    let edited = part.read("state").unwrap().unwrap();
    let wrong = record::read::<u64>(&edited).unwrap_err().to_string();
    assert!(wrong.starts_with("it was changed: its checksum says '7902699be42c8a8e'"), "{wrong}");
    // Half of a UTF-16 pair cannot be text here. It is read as a sign for the unreadable.
    js_sys::eval("localStorage.setItem('raftbank/S1/state', '\\ud834')").unwrap();
    let unreadable = part.read("state").unwrap().unwrap();
    assert_eq!(&*unreadable, "\u{fffd}");
    let wrong = record::read::<u64>(&unreadable).unwrap_err().to_string();
    assert!(wrong.starts_with("it is not JSON"), "{wrong}");
}

#[wasm_bindgen_test]
fn storage_that_is_blocked_says_so() {
    storage();
    // What a browser does when its user forbids storage: asking for it throws.
    let forbidden =
        open_with("throw new DOMException('Access is denied.', 'SecurityError')").unwrap_err();
    assert_eq!(forbidden.to_string(), "the disk cannot be used: SecurityError: Access is denied.");
    let missing = open_with("return null").unwrap_err();
    assert_eq!(missing.to_string(), "the disk cannot be used: the browser has no localStorage");
    assert!(LocalStorageDisk::open().is_ok(), "the test's page has its storage back");
}

/// Opens the disk while `localStorage` has this getter.
fn open_with(getter: &str) -> Result<LocalStorageDisk, DiskError> {
    let replace = format!(
        "window.original = Object.getOwnPropertyDescriptor(window, 'localStorage');
         Object.defineProperty(window, 'localStorage', {{ configurable: true, get() {{ {getter} }} }})"
    );
    js_sys::eval(&replace).unwrap();
    let result = LocalStorageDisk::open();
    js_sys::eval("Object.defineProperty(window, 'localStorage', window.original)").unwrap();
    result
}
