package dev.tandem.deploy.wiring;

import dev.tandem.core.cost.SegmentCosts;
import dev.tandem.deploy.wiring.ProfileJson.Group;
import dev.tandem.deploy.wiring.ProfileJson.Origin;
import dev.tandem.deploy.wiring.ProfileJson.Quality;
import java.util.List;
import java.util.stream.IntStream;

/** Profiles for tests, without measuring. */
public final class Profiles {

    /** When they were measured. */
    public static final String AT = "2026-01-31T12:00:00Z";

    /** With which ONNX Runtime. */
    public static final String RUNTIME = "1.2.3";

    private Profiles() {}

    /** A profile of model m on one core group. */
    public static ProfileJson of(String digest, String group, Double... seconds) {
        return new ProfileJson(ProfileJson.FORMAT, "m", digest, List.of(group(group, seconds)));
    }

    /** A core group where parts cost what their layers cost. */
    public static Group group(String name, Double... seconds) {
        return new Group(
                name,
                new Origin("pi", "Cortex", List.of(0), 1, "", "0.1.0", RUNTIME, "17", AT),
                new Quality(7, 0.01, 0.02, 0.03),
                1e9,
                SegmentCosts.NONE,
                List.of(seconds),
                IntStream.range(0, seconds.length).boxed().toList());
    }
}
