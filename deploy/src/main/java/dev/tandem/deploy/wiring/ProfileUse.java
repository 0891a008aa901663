package dev.tandem.deploy.wiring;

import dev.tandem.core.graph.ModelGraph;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether a profile says what is true now: it must be of the model that is planned for, measured with this ONNX Runtime
 * and not too long ago.
 *
 * @param runtimeVersion of ONNX Runtime that will run the model
 * @param maxAge of a measurement
 */
public record ProfileUse(ModelGraph graph, String runtimeVersion, Instant now, Duration maxAge) {

    /** Age of a measurement that a gateway plans with, at the most. */
    public static final Duration OLDEST = Duration.ofDays(30);

    private static final String AGAIN = " Maybe measure it again with 'tandem profile'";

    /**
     * Checks every core group of a profile.
     *
     * @param file for messages
     * @throws IllegalArgumentException if it is stale; the message says why and what to do
     */
    public void requireFresh(String file, ProfileJson profile) {
        profile.groups().forEach(group -> requireFresh(file, profile, group));
    }

    private void requireFresh(String file, ProfileJson profile, ProfileJson.Group group) {
        if (!profile.digest().equals(graph.digest())) {
            throw new IllegalArgumentException("profile " + file + " is of model " + profile.model() + " with digest "
                    + profile.digest() + ", but the model is " + graph.name() + " with digest " + graph.digest()
                    + ". Maybe measure this model with 'tandem profile', or give a rate.");
        }
        String version = group.origin().runtimeVersion();
        if (!version.equals(runtimeVersion)) {
            throw new IllegalArgumentException("profile " + file + " was measured with ONNX Runtime " + version
                    + ", expected " + runtimeVersion + ", whose kernels may be faster or slower." + AGAIN + ".");
        }
        Duration age = Duration.between(group.measuredAt(), now);
        if (age.compareTo(maxAge) > 0) {
            throw new IllegalArgumentException("profile " + file + " was measured " + age.toDays() + " days ago ("
                    + group.origin().measuredAt() + "), expected at most " + maxAge.toDays() + "." + AGAIN
                    + ", or allow more with --max-age.");
        }
    }
}
