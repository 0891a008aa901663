package dev.tandem.harness.testbed;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.tandem.config.NodePowerSettings;
import dev.tandem.config.PowerSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.harness.testbed.TestbedSpec.Group;
import dev.tandem.harness.testbed.TestbedSpec.Node;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a bed leaves in its folder for other processes: what it was made from and how near it came to it. Written when the bed
 * is up, as the last thing.
 *
 * @param home of the program that the members run
 * @param keeper whether its process exists for the bed only, so that ending it is the way to end the bed
 */
record BedRecord(TestbedSpec spec, Calibration calibration, String home, boolean keeper) {

    /** Records alone say what there is; a question that begins with "is" is none of their parts. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().disable(MapperFeature.AUTO_DETECT_IS_GETTERS).build();

    private static final Logger LOG = LoggerFactory.getLogger(BedRecord.class);
    private static final int WATT_DIGITS = 9;
    private static final String SPEC = "bed.conf";
    private static final String STATE = "bed.json";

    /** The part that is JSON. */
    private record State(Calibration calibration, String home, boolean keeper) {}

    void write(Path folder) {
        try {
            Files.writeString(folder.resolve(SPEC), text(spec));
            Path part = folder.resolve(STATE + ".part");
            Files.write(part, JSON.writeValueAsBytes(new State(calibration, home, keeper)));
            Files.move(part, folder.resolve(STATE));
        } catch (IOException e) {
            throw new TestbedException("the record of the bed in " + folder + " cannot be written: " + e + ".", e);
        }
    }

    /** Empty for a bed that is not up yet, or any more, or that another version has made. */
    static Optional<BedRecord> read(Path folder) {
        if (!Files.exists(folder.resolve(STATE))) {
            return Optional.empty();
        }
        try {
            State state = JSON.readValue(folder.resolve(STATE).toFile(), State.class);
            return Optional.of(new BedRecord(
                    TestbedSpec.read(folder.resolve(SPEC)), state.calibration(), state.home(), state.keeper()));
        } catch (IOException | SettingsException e) {
            LOG.warn("the bed in {} is none of this version, and is left alone: {}", folder, e.toString());
            return Optional.empty();
        }
    }

    /** The file from which the same bed is made, with nothing left to scale. */
    private static String text(TestbedSpec spec) {
        Map<String, Object> network = Map.of(
                "medium",
                spec.network().medium().name().toLowerCase(Locale.ROOT),
                "rate",
                rate(spec.network().rate()),
                "client",
                rate(spec.network().client()));
        Map<String, Object> file = Map.of(
                "name",
                spec.name(),
                "nodes",
                spec.nodes().stream().map(BedRecord::node).toList(),
                "network",
                network,
                "tandem",
                spec.settings().getConfig("tandem").root().unwrapped());
        return ConfigFactory.parseMap(file)
                .root()
                .render(ConfigRenderOptions.concise().setFormatted(true));
    }

    private static Map<String, Object> node(Node node) {
        List<Map<String, Object>> groups = new ArrayList<>();
        for (Group group : node.groups()) {
            Map<String, Object> keys =
                    new HashMap<>(Map.of("name", group.name(), "share", group.share(), "threads", group.threads()));
            group.power().ifPresent(power -> keys.put("power", power(power)));
            groups.add(keys);
        }
        Map<String, Object> keys = new HashMap<>(Map.of(
                "name", node.name(),
                "memory", node.memoryBytes(),
                "core-groups", groups,
                "tandem", node.settings().getConfig("tandem").root().unwrapped()));
        if (!node.power().equals(NodePowerSettings.NONE)) {
            keys.put("power", power(node.power()));
        }
        node.link().ifPresent(link -> keys.put("link", rate(link)));
        return keys;
    }

    /** In the form that settings and test beds have. */
    static Map<String, Object> power(NodePowerSettings power) {
        return Map.of(
                "idle", watts(power.idleWatts()),
                "send", watts(power.sendWatts()),
                "receive", watts(power.receiveWatts()));
    }

    /** In the form that settings and test beds have. */
    static Map<String, Object> power(PowerSettings power) {
        return Map.of("idle", watts(power.idleWatts()), "busy", watts(power.busyWatts()));
    }

    /** Neither an exponent nor more digits than readers take. */
    private static String watts(double watts) {
        return BigDecimal.valueOf(watts)
                        .setScale(WATT_DIGITS, RoundingMode.HALF_UP)
                        .toPlainString()
                + "W";
    }

    private static String rate(LinkShape shape) {
        return BigDecimal.valueOf(shape.bitsPerSecond()).movePointLeft(3).toPlainString() + "kbit/s";
    }
}
