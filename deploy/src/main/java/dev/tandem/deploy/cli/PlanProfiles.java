package dev.tandem.deploy.cli;

import dev.tandem.deploy.wiring.ProfileJson;
import dev.tandem.deploy.wiring.ProfileOption;
import dev.tandem.deploy.wiring.ProfileUse;
import dev.tandem.deploy.wiring.TopologyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The profiles that a command line names, with the machines that have them.
 *
 * @param reference for core groups without a profile of their own, where one is given
 * @param file of the reference, for messages
 */
record PlanProfiles(TopologyFile machines, Optional<ProfileJson> reference, String file) {

    static PlanProfiles read(List<String> texts, TopologyFile machines) throws IOException {
        TopologyFile with = machines;
        @Nullable ProfileJson reference = null;
        String file = "";
        for (String text : texts) {
            ProfileOption option = ProfileOption.parse(text);
            ProfileJson profile = read(option.file());
            if (option.node() != null) {
                requireThere(option, machines);
                with = with.withProfile(option, profile);
            } else if (reference == null) {
                reference = profile;
                file = option.file().toString();
            } else {
                throw CommandException.usage("--profile is given twice without a machine (" + file + ", "
                        + option.file() + "): one is the reference. Maybe write NODE=FILE.");
            }
        }
        return new PlanProfiles(with, Optional.ofNullable(reference), file);
    }

    void requireFresh(ProfileUse use) {
        reference.ifPresent(profile -> use.requireFresh(file, profile));
    }

    private static void requireThere(ProfileOption option, TopologyFile machines) {
        if (!machines.hasGroup(option)) {
            throw CommandException.usage("--profile " + option.node()
                    + (option.group() == null ? "" : "/" + option.group()) + "=" + option.file()
                    + ": expected a machine of the topology, or one of its core groups: " + machines.places() + ".");
        }
    }

    /** The profile in a file; what cannot be read is refused. */
    static ProfileJson read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandException.usage(
                    "profile " + file + ": no such file. Maybe write it with 'tandem profile MODEL -o " + file + "'.");
        }
        try {
            return ProfileJson.read(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, file + ": " + e.getMessage(), e);
        }
    }
}
