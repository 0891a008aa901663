package dev.tandem.deploy.wiring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.Provenance;
import dev.tandem.core.cost.SegmentCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.inference.profile.ModelProfiler.Measured;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What was measured of one model on the core groups of one machine, as JSON.
 *
 * @param format version of the form
 * @param model the model's name, for people
 * @param digest of the folded model: a profile is of use for that model only
 * @param groups at least one, names unique
 */
public record ProfileJson(int format, String model, String digest, List<Group> groups) {

    /** Version of the form; readers refuse others. */
    public static final int FORMAT = 2;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /** The only member that every version of the form has. */
    private record AnyFormat(int format) {}

    /**
     * A core group and its times.
     *
     * @param name of the core group
     * @param origin where and with what it was measured
     * @param quality how well
     * @param multiplyAddsPerSecond of the reference workload, measured there at the same time
     * @param costs of parts of the model beyond their layers
     * @param seconds by layer, without the call
     * @param kernels by layer the index of the layer whose kernel computes it
     */
    public record Group(
            String name,
            Origin origin,
            Quality quality,
            double multiplyAddsPerSecond,
            SegmentCosts costs,
            List<Double> seconds,
            List<Integer> kernels) {
        public Group {
            seconds = List.copyOf(seconds);
            kernels = List.copyOf(kernels);
            if (!(multiplyAddsPerSecond > 0)) {
                throw new IllegalArgumentException(
                        "core group " + name + " must have a rate above 0 (" + multiplyAddsPerSecond + ").");
            }
        }

        /** When it was measured. */
        public Instant measuredAt() {
            return Instant.parse(origin.measuredAt());
        }
    }

    /** Where, when and with what; see {@link Provenance}. The time is in the form of ISO 8601. */
    public record Origin(
            String machine,
            String processor,
            List<Integer> cpus,
            int threads,
            String clock,
            String tandemVersion,
            String runtimeVersion,
            String javaVersion,
            String measuredAt) {}

    /** Repetitions, dispersion, and how well the samples are predicted; see {@link Provenance}. */
    public record Quality(int repetitions, double spread, double segmentError, double shareError) {}

    public ProfileJson {
        groups = List.copyOf(groups);
        if (format != FORMAT) {
            throw new IllegalArgumentException("profile has format " + format + ", expected " + FORMAT
                    + ". Maybe measure the model again with 'tandem profile'.");
        }
        if (groups.isEmpty() || groups.stream().map(Group::name).distinct().count() != groups.size()) {
            throw new IllegalArgumentException("profile of " + model + " must have core groups, each once.");
        }
        for (Group group : groups) {
            requireUsable(model, digest, group);
        }
    }

    private static void requireUsable(String model, String digest, Group group) {
        if (!(profile(digest, group).times().totalSeconds() > 0)) {
            throw new IllegalArgumentException("profile of " + model + " must have times above 0.");
        }
        try {
            group.measuredAt();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "measuredAt (" + group.origin().measuredAt() + ") of core group " + group.name()
                            + " must be a time such as 2026-01-31T12:00:00Z.",
                    e);
        }
    }

    /** What was measured of a core group. */
    public static Group group(Provenance origin, Measured measured, double multiplyAddsPerSecond) {
        Profile profile = measured.profile();
        return new Group(
                origin.coreGroup(),
                new Origin(
                        origin.machine(),
                        origin.processor(),
                        origin.cpus(),
                        origin.threads(),
                        origin.clock(),
                        origin.tandemVersion(),
                        origin.runtimeVersion(),
                        origin.javaVersion(),
                        origin.measuredAt().toString()),
                new Quality(origin.repetitions(), origin.spread(), origin.segmentError(), origin.shareError()),
                multiplyAddsPerSecond,
                profile.costs(),
                profile.times().seconds(),
                profile.kernels());
    }

    /** What was measured of a model. */
    public static ProfileJson of(ModelGraph graph, List<Group> groups) {
        return new ProfileJson(FORMAT, graph.name(), graph.digest(), groups);
    }

    /** The profile as UTF-8 JSON. */
    public byte[] write() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a profile must be writable as JSON", e);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException for another format version, damaged JSON, or times that cannot be
     */
    public static ProfileJson read(byte[] json) {
        try {
            requireFormat(JSON.copy()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(json, AnyFormat.class));
            return JSON.readValue(json, ProfileJson.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("profile is not readable: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("profile is not readable: " + e.getMessage(), e);
        }
    }

    private static void requireFormat(AnyFormat any) {
        if (any.format() != FORMAT) {
            throw new IllegalArgumentException("profile has format " + any.format() + ", expected " + FORMAT
                    + ". Maybe measure the model again with 'tandem profile'.");
        }
    }

    /**
     * The core group of that name, or the only one there is.
     *
     * @throws IllegalArgumentException if there are several and none has the name
     */
    public Group groupFor(String name) {
        return groups.stream()
                .filter(group -> group.name().equals(name) || groups.size() == 1)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("profile of " + model + " has core groups "
                        + groups.stream().map(Group::name).toList() + ", expected one named " + name + "."));
    }

    /** The core group that is fastest with the reference workload. */
    public Group fastest() {
        return groups.stream()
                .max(Comparator.comparingDouble(Group::multiplyAddsPerSecond))
                .orElseThrow();
    }

    /** What planning needs of a core group. */
    public Profile profile(Group group) {
        return profile(digest, group);
    }

    private static Profile profile(String digest, Group group) {
        return new Profile(new LayerTimes(digest, group.seconds()), group.kernels(), group.costs());
    }
}
