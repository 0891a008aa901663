package dev.tandem.deploy.cli;

/** Checks of options that several commands have. */
final class CommandLines {

    private CommandLines() {}

    static void requireAtLeastOne(String option, int value) {
        if (value < 1) {
            throw CommandException.usage(option + " (" + value + ") must be at least 1.");
        }
    }
}
