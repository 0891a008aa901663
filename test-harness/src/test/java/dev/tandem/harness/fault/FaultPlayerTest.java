package dev.tandem.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plays scripts on nothing: what faults do to a bed is another matter. */
class FaultPlayerTest {

    private static final Fault KILL = new Fault.Kill("a");
    private static final Fault STOP = new Fault.Stop("b");

    @TempDir
    private Path folder = Path.of("");

    private FaultScript script() throws IOException {
        return FaultScript.read(Files.writeString(
                folder.resolve("script.conf"), "events = [ { at = 0s, kill = a }, { at = 1ms, stop = b } ]"));
    }

    @Test
    void goesOnWhenTheTimelineCannotBeWrittenAndSaysSoAtClose() throws Exception {
        List<Fault> done = new ArrayList<>();
        Timeline timeline = new Timeline(folder.resolve("absent/run.jsonl"));
        FaultPlayer player = FaultPlayer.start(done::add, script(), timeline);

        List<FaultRecord> records = player.await();

        assertThat(done).containsExactly(KILL, STOP);
        assertThat(records).extracting(FaultRecord::failure).containsExactly("", "");
        assertThatThrownBy(player::close)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("the timeline " + timeline.file() + " cannot be written")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThatCode(player::close).doesNotThrowAnyException();
    }

    @Test
    void recordsAFaultThatFailsAndGoesOn() throws Exception {
        List<FaultRecord> heard = new ArrayList<>();
        try (FaultPlayer player = FaultPlayer.start(FaultPlayerTest::refuseKill, script(), heard::add)) {
            assertThat(player.await()).isEqualTo(heard);
        }

        assertThat(heard).extracting(FaultRecord::failure).containsExactly("it is gone", "");
    }

    private static void refuseKill(Fault fault) {
        if (fault.equals(KILL)) {
            throw new IllegalStateException("it is gone");
        }
    }
}
