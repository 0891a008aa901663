package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatedAllTest {

    private final List<Path> folders = new ArrayList<>();

    @TempDir
    private Path out = Path.of("");

    @Test
    void runsEachPartInAFolderOfItsOwnAndLeavesOutWhatCannotRun() throws Exception {
        var unused = all(part("one", null), part("two", CommandException.usage("no data")), part("three", null))
                .run(settings(), Terminal.ofProcess());

        assertThat(folders).containsExactly(out.resolve("one"), out.resolve("two"), out.resolve("three"));
    }

    @Test
    void failsAfterAllPartsWhenOneBrokeOff() {
        CommandException broken = new CommandException(ExitCode.RUNTIME_ERROR, "a member is gone");

        assertThatThrownBy(() -> all(part("one", broken), part("two", null)).run(settings(), Terminal.ofProcess()))
                .hasMessageContaining("not measured to the end: one");
        assertThat(folders).hasSize(2);
    }

    private static EmulatedAll all(Experiment... parts) {
        return new EmulatedAll(List.of(parts));
    }

    private Experiment.Settings settings() {
        return new Experiment.Settings(List.of(), 1, 1, Optional.empty(), 1, 1, Optional.of(out));
    }

    private Experiment part(String name, @Nullable CommandException failure) {
        return new Experiment() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String purpose() {
                return "a part";
            }

            @Override
            public Object run(Settings settings, Terminal terminal) {
                folders.add(settings.out().orElseThrow());
                if (failure != null) {
                    throw failure;
                }
                return "measured";
            }
        };
    }
}
