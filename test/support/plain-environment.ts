// The runner tells its workers whether it has colours itself. That is not for what a test starts.
delete process.env.FORCE_COLOR;
delete process.env.NO_COLOR;
