package dev.tandem.actors.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.supervisor.SupervisorMessages.Reload;
import dev.tandem.config.LiveSettings;
import dev.tandem.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsKeeperTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ActorTestKit kit = TestSystems.start("settings-keeper");

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void tellsOfAChangeAgainUntilASupervisorHasAnswered(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("tandem.conf"), "tandem.log.level = info");
        LiveSettings live = new LiveSettings(SettingsLoader.load(Optional.of(file), ConfigFactory.empty()));
        TestProbe<SupervisorMessages.Command> supervisor = kit.createTestProbe();
        SettingsKeeper.Owner owner = new SettingsKeeper.Owner("a", true);
        ActorRef<SettingsMessages.Command> keeper =
                kit.spawn(SettingsKeeper.create(owner, live, supervisor.ref(), Duration.ofSeconds(1)));
        TestProbe<SettingsMessages.Proposal> watching = kit.createTestProbe();
        keeper.tell(new SettingsMessages.Propose(1, watching.ref()));
        watching.receiveMessage(PATIENCE);

        Files.writeString(file, "tandem.log.level = debug");

        Reload lost = (Reload) supervisor.receiveMessage(PATIENCE);
        Reload again = (Reload) supervisor.receiveMessage(PATIENCE);
        assertThat(again).isEqualTo(lost);
        again.replyTo().tell(new ReloadReport(List.of(), List.of(), List.of(), List.of()));
        supervisor.expectNoMessage(Duration.ofMillis(1500));
    }

    @Test
    void tellsOfAChangeBetweenReadingAndWatching(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("tandem.conf"), "tandem.log.level = info");

        TestProbe<SupervisorMessages.Command> supervisor = keptAfter(file, "tandem.log.level = debug");

        assertThat(supervisor.receiveMessage(PATIENCE)).isInstanceOf(Reload.class);
    }

    @Test
    void doesNotTakeAFileThatIsBeingWrittenForOneWithoutSettings(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("tandem.conf"), "tandem.log.level = debug");

        TestProbe<SupervisorMessages.Command> supervisor = keptAfter(file, "");

        supervisor.expectNoMessage(Duration.ofMillis(400));
        Files.writeString(file, "tandem.log.level = error");
        assertThat(supervisor.receiveMessage(PATIENCE)).isInstanceOf(Reload.class);
    }

    /** The supervisor of a keeper of a file that was written once more after it was read. */
    private TestProbe<SupervisorMessages.Command> keptAfter(Path file, String content) throws IOException {
        LiveSettings live = new LiveSettings(SettingsLoader.load(Optional.of(file), ConfigFactory.empty()));
        Files.writeString(file, content);
        TestProbe<SupervisorMessages.Command> supervisor = kit.createTestProbe();
        kit.spawn(SettingsKeeper.create(new SettingsKeeper.Owner("a", true), live, supervisor.ref()));
        return supervisor;
    }
}
