//! Lines on stdout for people and programs. Who has closed the pipe does not want them: that is no
//! reason to end with a panic, as `println!` does.

/// `println!` that takes a closed stdout calmly.
macro_rules! say {
    ($($words:tt)*) => {{
        use ::std::io::Write as _;
        drop(writeln!(::std::io::stdout(), $($words)*));
    }};
}
