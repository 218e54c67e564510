//! See [`aftercare`].

fn main() -> std::process::ExitCode {
    aftercare::cli::run()
}
