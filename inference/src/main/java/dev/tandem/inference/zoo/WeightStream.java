package dev.tandem.inference.zoo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;

/**
 * Draws weights and writes them as little-endian floats, one chunk of 64 KiB at a time.
 *
 * <p>The bytes of a weight depend on the seed, its name, its shape and its distribution, and on nothing else: not on the
 * other weights, their order, or the JVM (integer arithmetic and one rounded float product per value). Not thread-safe.
 */
final class WeightStream {

    private static final int CHUNK_BYTES = 64 * 1024;

    /** Mean and standard deviation of the sum of four independent uniform 16-bit numbers. */
    private static final int SUM_MEAN = 2 * 65535;

    private static final double SUM_DEVIATION = Math.sqrt((65536.0 * 65536.0 - 1) / 3);

    private final long seed;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    WeightStream(long seed) {
        this.seed = seed;
    }

    /** Writes exactly {@link Weight#bytes()} bytes. The caller owns {@code out}. */
    void write(Weight weight, OutputStream out) throws IOException {
        SplittableRandom random = new SplittableRandom(key(weight.name()));
        long left = weight.elements();
        while (left > 0) {
            int floats = (int) Math.min(left, CHUNK_BYTES / Float.BYTES);
            chunk.clear();
            fill(weight.fill(), random, floats);
            out.write(chunk.array(), 0, chunk.position());
            left -= floats;
        }
    }

    private void fill(Weight.Fill fill, SplittableRandom random, int floats) {
        if (fill instanceof Weight.Fill.Normal normal) {
            fillNormal((float) (normal.standardDeviation() / SUM_DEVIATION), random, floats);
        } else if (fill instanceof Weight.Fill.Uniform uniform) {
            fillUniform((float) uniform.centre(), (float) (uniform.halfWidth() * 0x1p-23), random, floats);
        }
    }

    /**
     * A sum of four uniform numbers stands in for the normal distribution: its variance is exact, its tails end at 3.5
     * standard deviations as those of the truncated normal that frameworks draw from, and one step of the generator is
     * enough for a value, so that the speed of the disk decides.
     */
    private void fillNormal(float scale, SplittableRandom random, int floats) {
        for (int i = 0; i < floats; i++) {
            long bits = random.nextLong();
            int sum = (int) ((bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48));
            chunk.putFloat((sum - SUM_MEAN) * scale);
        }
    }

    private void fillUniform(float centre, float scale, SplittableRandom random, int floats) {
        for (int i = 0; i < floats; i++) {
            chunk.putFloat(centre + (random.nextLong() >> 40) * scale);
        }
    }

    private long key(String name) {
        MessageDigest digest = sha256();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
        return ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
