package dev.tandem.deploy.wiring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.core.cost.LayerTimes;
import java.io.IOException;
import java.util.List;

/**
 * A profile as JSON: measured seconds of every layer of one model on one core group.
 *
 * @param format version of the form
 * @param model the model's name, for people
 * @param digest of the folded model: a profile is of use for that model only
 * @param threads of one inference while it was measured
 * @param multiplyAddsPerSecond of the reference workload, measured there at the same time
 * @param seconds by layer
 */
public record ProfileJson(
        int format, String model, String digest, int threads, double multiplyAddsPerSecond, List<Double> seconds) {

    /** Version of the form; readers refuse others. */
    public static final int FORMAT = 1;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    public ProfileJson {
        seconds = List.copyOf(seconds);
        if (format != FORMAT) {
            throw new IllegalArgumentException("profile has format " + format + ", expected " + FORMAT + ".");
        }
        if (!(new LayerTimes(digest, seconds).totalSeconds() > 0)) {
            throw new IllegalArgumentException("profile of " + model + " must have times above 0.");
        }
    }

    /** What was measured of a model, with this many threads. */
    public static ProfileJson of(OfferedModel measured, int threads) {
        return new ProfileJson(
                FORMAT,
                measured.graph().name(),
                measured.graph().digest(),
                threads,
                measured.profile().multiplyAddsPerSecond(),
                measured.profile().times().seconds());
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
            return JSON.readValue(json, ProfileJson.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("profile is not readable: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("profile is not readable: " + e.getMessage(), e);
        }
    }

    LayerTimes times() {
        return new LayerTimes(digest, seconds);
    }
}
