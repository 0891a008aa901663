package dev.tandem.harness.testbed;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import java.util.function.BiConsumer;

/** What the commands of the test bed have in common. */
final class BedArgument {

    private BedArgument() {}

    /** @throws CommandException naming what is missing on this machine */
    static void requireRights() {
        TestbedRights.missingForBed().ifPresent(missing -> {
            throw CommandException.refused(missing);
        });
    }

    /** @throws CommandException when the bed cannot be made on this machine */
    static void requireFit(TestbedSpec spec) {
        requireRights();
        TestbedRights.lackOfRoom(spec).ifPresent(lack -> {
            throw CommandException.refused(lack);
        });
    }

    /** Says what is going on, in the words of the launcher where it is about members. */
    static BiConsumer<String, String> progress(Terminal terminal) {
        return (name, text) -> {
            String[] words = text.split(" ", 2);
            if (words[0].equals("ready")) {
                terminal.note(name + ": up and measured");
            } else if (name.equals(BedParts.BED)) {
                terminal.note(text);
            }
        };
    }
}
