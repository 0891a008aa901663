package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.config.SettingsLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemberTest {

    private static final String WAIT_FOR_SEEDS = "pekko.cluster.seed-node-timeout";

    @Test
    void onlyTheFirstSeedWaitsForOthersBeforeItMakesACluster() {
        assertThat(overrides(7355, "127.0.0.1:7355", "127.0.0.1:7356").getDuration(WAIT_FOR_SEEDS))
                .hasSeconds(15);
        assertThat(overrides(7356, "127.0.0.1:7355", "127.0.0.1:7356").getDuration(WAIT_FOR_SEEDS))
                .hasMillis(500);
        assertThat(overrides(0, "127.0.0.1:7355").getDuration(WAIT_FOR_SEEDS)).hasMillis(500);
    }

    private static Config overrides(int port, String... seeds) {
        Config network = ConfigFactory.parseMap(Map.of(
                "tandem.network.host",
                "127.0.0.1",
                "tandem.network.port",
                port,
                "tandem.network.seeds",
                List.of(seeds)));
        return Member.overrides(
                SettingsLoader.load(Optional.empty(), network).settings().network(), Member.NODE_ROLE, "test");
    }
}
