package dev.tandem.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.SettingsException;
import dev.tandem.harness.testbed.LinkShape;
import dev.tandem.harness.testbed.TestbedSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultScriptTest {

    @TempDir
    private Path folder = Path.of("");

    private FaultScript read(String events) throws IOException {
        return FaultScript.read(Files.writeString(folder.resolve("script.conf"), "events = [" + events + "]"));
    }

    @Test
    void readsEveryFaultInTheOrderOfTheirTimes() throws IOException {
        FaultScript script = read(
                """
                { at = 2s, restart = a }
                { at = 1s, kill = a }
                { at = 3s, stop = b }
                { at = 4s, continue = b }
                { at = 5s, share { node = a, group = big, to = 0.2 } }
                { at = 6s, link { node = a, to = 10Mbit/s } }
                { at = 7s, medium = 20Mbit/s }
                { at = 8s, cut = [a] }
                { at = 9s, partition = [[a, client], [b]] }
                { at = 10s, heal = true }
                { at = 11s, memory { node = b, to = 200MiB } }
                { at = 12s, leave = b }
                { at = 13s, settings { node = a, add = "tandem.planner.max-nodes = 3" } }
                """);

        assertThat(script.events())
                .extracting(FaultScript.Event::fault)
                .containsExactly(
                        new Fault.Kill("a"),
                        new Fault.Restart("a"),
                        new Fault.Stop("b"),
                        new Fault.Continue("b"),
                        new Fault.Share("a", "big", 0.2),
                        new Fault.LinkRate("a", LinkShape.megabits(10)),
                        new Fault.MediumRate(LinkShape.megabits(20)),
                        new Fault.Cut(Set.of("a")),
                        new Fault.Partition(List.of(Set.of("a", "client"), Set.of("b"))),
                        new Fault.Heal(),
                        new Fault.Memory("b", 200L << 20),
                        new Fault.Leave("b"),
                        new Fault.Settings("a", "tandem.planner.max-nodes = 3"));
        assertThat(script.events().get(8).fault()).hasToString("partition a, client | b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            { kill = a }                                  | expected the key at
            { at = 1s }                                   | expected one action beside it: kill, leave, restart
            { at = 1s, kill = a, stop = a }               | expected one action beside it
            { at = 1s, kil = a }                          | Did you mean events[0].kill?
            { at = 1s, link { node = a } }                | expected the key to, the new rate
            { at = 1s, link { node = a, to = slow } }     | Rates look like 100Mbit/s
            { at = 1s, share { node = a, to = 0 } }       | a part of a CPU above 0
            { at = 1s, heal = false }                     | expected true
            { at = 1s, settings { node = a } }            | expected the key add, settings
            { at = 1s, partition = [a, b] }               | expected lists of names
            """)
    void refusesEvents(String event, String told) {
        assertThatThrownBy(() -> read(event))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(told);
    }

    @Test
    void refusesNodesThatTheBedDoesNotHave() throws IOException {
        TestbedSpec spec = TestbedSpec.read(
                Files.writeString(folder.resolve("bed.conf"), "nodes = [ { name = a, share = 0.1, memory = 1GiB } ]"));
        FaultScript script = read("{ at = 1s, cut = [a, client] }, { at = 1s, kill = b }");

        assertThatThrownBy(() -> script.requireNodesOf(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'kill b' names 'b', but there are a, client.");
    }
}
