package dev.tandem.harness.experiment.share;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import dev.tandem.core.variant.Place;
import dev.tandem.core.variant.Variant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** How the boards are joined and what of them computes; the same for every strategy. */
public enum Setting {
    /** Each board's quickest core group, as published schemes see boards, at what gigabit Ethernet carries. */
    GIGABIT("gigabit", 941e6, false),
    /** The same at the bandwidth of HiDP's wireless network, where transfers take longer than most inferences. */
    WIRELESS("80 Mbit/s", 80e6, false),
    /** Every core group a place of its own, at what gigabit Ethernet carries. */
    CORE_GROUPS("gigabit, all core groups", 941e6, true);

    /**
     * What MobileNetV1 gets of the rates of the presets, which are those of large convolutions: 569 M multiply-adds take 86 ms
     * on the Pi 4 and 106 ms on the RK3288 (ncnn), 0.42 and 0.39 of their presets' rates. Assumed for the other core groups.
     */
    private static final double OF_RATE = 0.41;

    /**
     * By how much int8 is quicker on CPUs: MobileNetV1 on the Pi 4, 72.1 and 40.3 ms in one ncnn. Older ones are slower with
     * int8. Assumed for the other CPUs; the Nano's GPU has no arithmetic for it.
     */
    private static final double INT8_SPEED = 1.79;

    private static final String GPU = "gpu";
    private static final long RESULT_BYTES = 4_000;
    private static final double BITS = 8;
    private static final RuntimeCosts RUNTIME = RuntimeCosts.measured(1 << 20, 4);

    private final String label;
    private final double bitsPerSecond;
    private final boolean hasAllCoreGroups;

    Setting(String label, double bitsPerSecond, boolean hasAllCoreGroups) {
        this.label = label;
        this.bitsPerSecond = bitsPerSecond;
        this.hasAllCoreGroups = hasAllCoreGroups;
    }

    /** For people. */
    @JsonValue
    public String label() {
        return label;
    }

    /** The places that share a batch. */
    List<Place> places(Topology boards) {
        return boards.nodes().stream().flatMap(this::groups).map(this::place).toList();
    }

    private Stream<CoreGroup> groups(Node node) {
        return hasAllCoreGroups
                ? node.coreGroups().stream()
                : node.coreGroups().stream().max(Comparator.comparingDouble(CoreGroup::multiplyAddsPerSecond)).stream();
    }

    private Place place(CoreGroup group) {
        List<Variant> variants = MobileNetVariants.FAMILY.variants();
        return Place.of(
                group.id().toString(),
                variants.stream()
                        .map(variant -> 1 / inferenceSeconds(group, variant))
                        .toList(),
                variants.stream().map(this::transferSeconds).toList());
    }

    private static double inferenceSeconds(CoreGroup group, Variant variant) {
        boolean isQuicker =
                MobileNetVariants.isQuantised(variant) && !group.id().group().equals(GPU);
        double rate = group.multiplyAddsPerSecond() * OF_RATE * (isQuicker ? INT8_SPEED : 1);
        return RUNTIME.secondsPerCall() + variant.multiplyAdds() / rate;
    }

    /** The image to the place and its result back. */
    private double transferSeconds(Variant variant) {
        return 2 * RUNTIME.secondsPerFrame() + (variant.inputBytes() + RESULT_BYTES) * BITS / bitsPerSecond;
    }
}
