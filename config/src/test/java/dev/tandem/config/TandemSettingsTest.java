package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TandemSettingsTest {

    private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "tandem");

    private final TandemSettings defaults = Loading.settings("");

    @Test
    void hasDefaultsForNode() {
        assertThat(defaults.node())
                .isEqualTo(
                        new NodeSettings("", CACHE, new MemoryBudget.Automatic(), List.of(), NodePowerSettings.NONE));
    }

    @Test
    void mapsEveryKeyOfNode() {
        NodeSettings node = Loading.settings(
                        """
                        tandem.node {
                          name = board-1
                          data-directory = /var/lib/tandem
                          memory = 256MiB
                          core-groups = [
                            { name = big, cpus = [4, 5], threads = 1, provider = xnnpack },
                            { name = gpu, provider = cuda, on-missing = cpu,
                              provider-options { device-id = 1, gpu_mem_limit = 2147483648, use_tf32 = false } },
                            { name = little, cpus = [0, 1, 2], power { idle = 500mW, busy = 2 },
                              control-groups = ["/cpu/little"] }
                          ]
                          power { idle = 1.5W, receive = 250mW }
                        }
                        """)
                .node();

        assertThat(node)
                .isEqualTo(new NodeSettings(
                        "board-1",
                        Path.of("/var/lib/tandem"),
                        new MemoryBudget.Fixed(256L << 20),
                        List.of(
                                new CoreGroupSettings(
                                        "big",
                                        List.of(4, 5),
                                        1,
                                        new ProviderSettings(CoreGroupProvider.XNNPACK, Map.of(), MissingProvider.FAIL),
                                        Optional.empty(),
                                        List.of()),
                                new CoreGroupSettings(
                                        "gpu",
                                        List.of(),
                                        1,
                                        new ProviderSettings(
                                                CoreGroupProvider.CUDA,
                                                Map.of(
                                                        "device_id", "1",
                                                        "gpu_mem_limit", "2147483648",
                                                        "use_tf32", "false"),
                                                MissingProvider.CPU),
                                        Optional.empty(),
                                        List.of()),
                                new CoreGroupSettings(
                                        "little",
                                        List.of(0, 1, 2),
                                        3,
                                        ProviderSettings.CPU,
                                        Optional.of(new PowerSettings(0.5, 2)),
                                        List.of(Path.of("/cpu/little")))),
                        new NodePowerSettings(1.5, 0, 0.25)));
    }

    @Test
    void hasDefaultsForNetworkThatStayOnLoopback() {
        assertThat(defaults.network())
                .isEqualTo(new NetworkSettings(
                        "127.0.0.1",
                        0,
                        "127.0.0.1",
                        List.of(),
                        Duration.ofSeconds(30),
                        0,
                        Duration.ofMillis(100),
                        Duration.ofMillis(1500)));
    }

    @Test
    void mapsEveryKeyOfNetwork() {
        NetworkSettings network = Loading.settings(
                        """
                        tandem.network {
                          host = board-1.local
                          port = 7355
                          bind-host = "0.0.0.0"
                          seeds = ["10.0.0.2:7355", "[fe80::1]:7356"]
                          join-timeout = 5s
                          tether-port = 7400
                          tether-beat = 50ms
                          tether-silence = 400ms
                        }
                        """)
                .network();

        assertThat(network)
                .isEqualTo(new NetworkSettings(
                        "board-1.local",
                        7355,
                        "0.0.0.0",
                        List.of(new HostPort("10.0.0.2", 7355), new HostPort("fe80::1", 7356)),
                        Duration.ofSeconds(5),
                        7400,
                        Duration.ofMillis(50),
                        Duration.ofMillis(400)));
    }

    @Test
    void hasDefaultsForTransport() {
        assertThat(defaults.transport()).isEqualTo(new TransportSettings(1L << 20, 4, 512L << 10));
    }

    @Test
    void mapsEveryKeyOfTransport() {
        String hocon = "tandem.transport { frame-bytes = 1.5MiB, window = 64, weight-chunk-bytes = 4096 }";

        assertThat(Loading.settings(hocon).transport()).isEqualTo(new TransportSettings(1536L << 10, 64, 4096));
    }

    @Test
    void hasDefaultsForGateway() {
        assertThat(defaults.gateway())
                .isEqualTo(new GatewaySettings(8, 64, 64L << 20, Duration.ofSeconds(30), List.of()));
    }

    @Test
    void mapsEveryKeyOfGateway() {
        String hocon =
                "tandem.gateway { max-in-flight = 3, queue-capacity = 0, request-bytes = 1MiB, request-timeout = 1500,"
                        + " models = [/m/a] }";

        assertThat(Loading.settings(hocon).gateway())
                .isEqualTo(new GatewaySettings(
                        3, 0, 1L << 20, Duration.ofMillis(1500), ModelSettingsTest.models("[/m/a]")));
    }

    @Test
    void hasDefaultsForSupervisor() {
        assertThat(defaults.supervisor())
                .isEqualTo(new SupervisorSettings(Duration.ofSeconds(60), Duration.ofSeconds(10)));
    }

    @Test
    void mapsEveryKeyOfSupervisor() {
        String hocon = "tandem.supervisor { rollout-timeout = 2m, drain-timeout = 0s }";

        assertThat(Loading.settings(hocon).supervisor())
                .isEqualTo(new SupervisorSettings(Duration.ofMinutes(2), Duration.ZERO));
    }

    @Test
    void hasDefaultsForRuntime() {
        assertThat(defaults.runtime())
                .isEqualTo(new RuntimeSettings(true, false, PrepackMode.AUTO, CACHE.resolve("native")));
    }

    @Test
    void mapsEveryKeyOfRuntime() {
        String hocon =
                "tandem.runtime { pin-threads = no, intra-op-spinning = on, prepack = off, native-directory = /opt/ort }";

        assertThat(Loading.settings(hocon).runtime())
                .isEqualTo(new RuntimeSettings(false, true, PrepackMode.OFF, Path.of("/opt/ort")));
    }

    @Test
    void keepsNativeLibrariesBelowTheConfiguredDataDirectory() {
        TandemSettings settings = Loading.settings("tandem.node.data-directory = /data");

        assertThat(settings.runtime().nativeDirectory()).isEqualTo(Path.of("/data/native"));
    }

    @Test
    void makesRelativePathsAbsolute() {
        TandemSettings settings = Loading.settings("tandem.node.data-directory = state/../here");

        assertThat(settings.node().dataDirectory()).isEqualTo(Path.of("here").toAbsolutePath());
    }

    @Test
    void hasDefaultsForPlanner() {
        assertThat(defaults.planner())
                .isEqualTo(new PlannerSettings(
                        PlannerObjective.THROUGHPUT,
                        PlannerScheme.AUTO,
                        8,
                        List.of(),
                        Duration.ZERO,
                        0,
                        0,
                        PlannerCodec.EXACT));
    }

    @Test
    void mapsEveryKeyOfPlanner() {
        String hocon = "tandem.planner { objective = energy-delay, scheme = Rows, max-nodes = 3, nodes = [a, b],"
                + " max-latency = 50ms, min-throughput = 2.5, max-energy = 800mJ, codec = int8-lz4 }";

        assertThat(Loading.settings(hocon).planner())
                .isEqualTo(new PlannerSettings(
                        PlannerObjective.ENERGY_DELAY,
                        PlannerScheme.ROWS,
                        3,
                        List.of("a", "b"),
                        Duration.ofMillis(50),
                        2.5,
                        0.8,
                        PlannerCodec.INT8_LZ4));
    }

    @Test
    void hasDefaultsForRebalance() {
        assertThat(defaults.rebalance())
                .isEqualTo(new RebalanceSettings(
                        true, 0.15, Duration.ofMinutes(1), Duration.ofSeconds(10), StandbyMode.PLANNED, true));
    }

    @Test
    void mapsEveryKeyOfRebalance() {
        String hocon =
                "tandem.rebalance { enabled = no, least-gain = 0.3, horizon = 2m, cool-down = 5s, standby = warm, record = no }";

        assertThat(Loading.settings(hocon).rebalance())
                .isEqualTo(new RebalanceSettings(
                        false, 0.3, Duration.ofMinutes(2), Duration.ofSeconds(5), StandbyMode.WARM, false));
    }

    @Test
    void hasDefaultsForLog() {
        assertThat(defaults.log()).isEqualTo(new LogSettings(LogLevel.INFO));
    }

    @Test
    void mapsEveryKeyOfLog() {
        assertThat(Loading.settings("tandem.log.level = debug").log()).isEqualTo(new LogSettings(LogLevel.DEBUG));
    }

    @Test
    void derivesMemoryOnlyWhereTheUserFixedNone() {
        assertThat(new MemoryBudget.Automatic().bytesOr(() -> 7)).isEqualTo(7);
        assertThat(new MemoryBudget.Fixed(5 << 20).bytesOr(() -> 7)).isEqualTo(5 << 20);
    }
}
