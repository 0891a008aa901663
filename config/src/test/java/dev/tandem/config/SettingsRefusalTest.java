package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every refusal of a value: which key, and what the user is told. */
class SettingsRefusalTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            node.name = "a b"                   | at most 64 letters
            node.name = "-x"                    | starting with a letter or digit
            node.data-directory = ""            | expected the path of a directory
            node.data-directory = null          | expected the path of a directory
            node.memory = lots                  | expected auto or a size of at least 1MiB
            node.memory = 12                    | expected auto or a size of at least 1MiB
            node.memory = -1GiB                 | expected auto or a size of at least 1MiB
            node.core-groups = all              | expected auto or a list of at least one core group
            node.core-groups = []               | expected auto or a list of at least one core group
            node.power = 5W                     | expected none or { idle = 2W, send = 0W, receive = 0W }
            node.power = { idle = 2W }          | expected the power of the core groups as well. Without it
            network.host = ""                   | expected a host name or address
            network.host = "0.0.0.0"            | To listen on all addresses set bind-host instead.
            network.host = "10.0.0.1:7355"      | The port has its own key, port.
            network.port = 65536                | expected a whole number from 0 to 65535
            network.port = 80.5                 | expected a whole number from 0 to 65535
            network.port = 1e99                 | expected a whole number from 0 to 65535
            network.port = http                 | expected a whole number from 0 to 65535
            network.port = null                 | expected a whole number from 0 to 65535
            network.bind-host = "a b"           | expected a host name or address, or nothing
            network.seeds = 5                   | expected a list of "host:port"
            network.seeds = null                | expected a list of "host:port"
            network.join-timeout = 0s           | expected a time from 1s to 1h
            network.join-timeout = soon         | Times look like 100ms, 30s or 2m.
            network.tether-beat = 1ms           | expected a time from 10ms to 10s
            network.tether-beat = 1s            | at most half of tandem.network.tether-silence, which is 1500ms
            network.tether-silence = 15ms       | expected a time from 20ms to 5m
            transport.frame-bytes = 2MiB        | expected a size from 4KiB to 1536KiB
            transport.frame-bytes = big         | Sizes look like 512KiB or 1MiB.
            transport.window = 0                | expected a whole number from 1 to 64
            transport.weight-chunk-bytes = 1KiB | expected a size from 4KiB to 1536KiB
            gateway.max-in-flight = 0           | expected a whole number from 1 to 4096
            gateway.queue-capacity = -1         | expected a whole number from 0 to 1000000
            gateway.request-timeout = -5s       | expected a time from 1ms to 1h
            supervisor.rollout-timeout = 2h     | expected a time from 1s to 1h
            supervisor.drain-timeout = 11m      | expected a time from 0s to 10m
            supervisor.drain-timeout = []       | expected a time from 0s to 10m
            runtime.pin-threads = maybe         | expected true or false
            runtime.intra-op-spinning = 3       | expected true or false
            runtime.prepack = offf              | expected one of auto, on, off. Did you mean off?
            runtime.native-directory = ""       | expected the path of a directory
            planner.objective = latencey        | one of latency, throughput, energy, energy-delay. Did you mean latency?
            planner.scheme = row                | one of auto, single, pipeline, rows, grid, channels, batch, branches, hybrid, lanes. Did you mean rows?
            planner.scheme = zzz                | expected one of auto, single, pipeline, rows, grid, channels, batch, branches, hybrid, lanes.
            planner.max-nodes = 65              | expected a whole number from 1 to 64
            planner.nodes = [a, a]              | expected a list of names of nodes, each once
            planner.nodes = ["-a"]              | expected a list of names of nodes, each once
            planner.max-latency = 2h            | expected a time from 0s to 1h
            planner.min-throughput = -1         | expected requests per second from 0 to 1e9
            planner.min-throughput = fast       | expected requests per second from 0 to 1e9
            planner.max-energy = 2h             | Energies look like 2J or 450mJ.
            planner.max-energy = -1J            | expected an energy from 0J to 1000000J
            planner.max-energy = 2000kJ         | expected an energy from 0J to 1000000J
            rebalance.enabled = maybe           | expected true or false
            rebalance.least-gain = 0.95         | expected a part from 0 to 0.9
            rebalance.horizon = 0s              | expected a time from 1s to 24h
            rebalance.cool-down = 2h            | expected a time from 1s to 1h
            log.level = inof                    | one of error, warn, info, debug. Did you mean info?
            log = 5                             | expected a section, { ... }
            """)
    void refusesValue(String assignment, String told) {
        List<SettingsProblem> problems = Loading.problems("tandem." + assignment);

        String path = "tandem." + assignment.substring(0, assignment.indexOf(' '));
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.toString())
                    .startsWith("command line: 1: " + path + " = ")
                    .contains(told);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            { name = a, cpus = [] }                                | core-groups[0].cpus = []: expected a list of diff
            { name = a, cpus = [1, 1] }                            | core-groups[0].cpus = [1,1]: expected a list of diff
            { name = a, cpus = [-1] }                              | core-groups[0].cpus = [-1]: expected a list of diff
            { name = a, cpus = [0], threads = 0 }                  | core-groups[0].threads = 0: expected a whole number
            { name = a, cpus = [0], provider = gpu }               | expected one of cpu, cuda, tensorrt, coreml, xnnpack, qnn.
            { name = a, provider = cud }                           | expected one of cpu, cuda, tensorrt, coreml, xnnpack, qnn. Did you mean cuda?
            { name = a, provider = xnnpack }                       | expected the key cpus, the list of its CPUs
            { name = a, provider = cuda, cpus = [] }               | core-groups[0].cpus = []: expected a list of diff
            { name = a, provider = cuda, on-missing = wait }       | expected one of fail, cpu.
            { name = a, cpus = [0], provider-options { device-id = 0 } } | expected none: the provider cpu has no options
            { name = a, provider = cuda, provider-options = 1 }    | provider-options = 1: expected a section
            { name = a, provider = cuda, provider-options { device-id = one } } | provider-options.device-id = "one": expected a number of a device from 0 to 999. The first is 0.
            { name = a, provider = cuda, provider-options { limit { a = 1 } } } | expected text, a number, true or false
            { name = a, provider = cuda, provider-options { "1x" = 1 } } | expected a name of letters, digits, - and _
            { name = a, provider = cuda, provider-options { a-b = 1, a_b = 1 } } | expected a_b once. The signs - and _ mean
            { name = a, provider = cuda }, { name = b, provider = tensorrt } | each GPU in one core group, but GPU 0 is also in a. Maybe set device-id
            { name = a, cpus = [0], power = 5W }                   | core-groups[0].power = "5W": expected a section
            { name = a, cpus = [0], power { idle = 1W } }          | expected the key busy, the power while it computes
            { name = a, cpus = [0], power { busy = 1W } }          | expected the key idle, the power while it computes no
            { name = a, cpus = [0], power { idle = 2W, busy = 1W } } | expected at least the idle power. It includes the
            { name = a, cpus = [0], power { idle = 2V, busy = 3W } } | expected a power from 0W to 100000W. Powers look
            { name = a, cpus = [0], kind = cpu }                   | core-groups[0].kind = "cpu": unknown key
            { name = a, cpus = [0], control-groups = [big] }       | expected a list of different absolute folders
            { name = a, cpus = [0], thread = 1 }                   | unknown key. Did you mean tandem.node.core-groups[0].threads?
            { name = a }                                           | expected the key cpus, the list of its CPUs
            { cpus = [0] }                                         | expected the key name, a name of the core group
            { name = "a b", cpus = [0] }                           | expected at most 64 letters
            5                                                      | core-groups[0] = 5: expected an object
            { name = a, cpus = [0] }, { name = a, cpus = [1] }     | [1].name = "a": expected a name that no other
            { name = a, cpus = [0, 1] }, { name = b, cpus = [1] }  | each CPU in one core group, but CPU 1 is also in a
            """)
    void refusesCoreGroup(String groups, String told) {
        List<SettingsProblem> problems = Loading.problems("tandem.node.core-groups = [" + groups + "]");

        assertThat(problems.get(0).toString()).contains(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            { idle = 2V }               | tandem.node.power.idle = "2V": expected a power from 0W to 100000W. Powers look
            { send = -1 }               | tandem.node.power.send = -1: expected a power from 0W to 100000W
            { receive = 200kW }         | tandem.node.power.receive = "200kW": expected a power from 0W to 100000W
            { busy = 2W }               | tandem.node.power.busy = "2W": unknown key
            """)
    void refusesPowerOfTheNode(String power, String told) {
        List<SettingsProblem> problems = Loading.problems(
                "tandem.node { core-groups = [ { name = a, cpus = [0], power { idle = 1W, busy = 2W } } ], power = "
                        + power + " }");

        assertThat(problems).singleElement().asString().contains(told);
    }

    @Test
    void refusesEachBadSeedByItself() {
        List<SettingsProblem> problems = Loading.problems("tandem.network.seeds = [\"a:1\", \"b\", \"c:x\"]");

        assertThat(problems)
                .extracting(SettingsProblem::toString)
                .containsExactly(
                        "command line: 1: tandem.network.seeds[1] = \"b\": expected \"host:port\"."
                                + " 'b' is not host:port: the port is missing.",
                        "command line: 1: tandem.network.seeds[2] = \"c:x\": expected \"host:port\"."
                                + " 'c:x' is not host:port: the port must be a number from 1 to 65535.");
    }

    @Test
    void refusesOnePortForBothProtocols() {
        List<SettingsProblem> problems = Loading.problems("tandem.network { port = 7355, tether-port = 7355 }");

        assertThat(problems)
                .singleElement()
                .asString()
                .contains("expected another port than that of tandem.network.port");
    }

    @Test
    void namesBeatAlsoWhereOnlySilenceWasSet() {
        assertThat(Loading.problems("tandem.network.tether-silence = 150ms"))
                .singleElement()
                .asString()
                .contains("tandem.network.tether-beat = \"100ms\": expected at most half of", "150ms", "200ms or more");
    }

    @Test
    void refusesRootThatIsNoSection() {
        assertThat(Loading.problems("tandem = 5"))
                .singleElement()
                .asString()
                .isEqualTo("command line: 1: tandem = 5: expected a section, { ... }.");
    }

    @Test
    void refusesSettingsOutOfBoundsThatCodeBuilds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TransportSettings(1, 4, 4096))
                .withMessage("frameBytes (1) must be from 4096 to 1572864.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SupervisorSettings(Duration.ZERO, Duration.ZERO))
                .withMessage("rolloutTimeout (0s) must be from 1s to 1h.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CoreGroupSettings("big", List.of(), 1))
                .withMessage("core group big must have at least one CPU.");
    }
}
