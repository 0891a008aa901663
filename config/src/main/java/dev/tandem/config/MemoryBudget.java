package dev.tandem.config;

import java.util.function.LongSupplier;

/** Memory that model pieces may use on a node: fixed by the user, or derived from the machine. */
public sealed interface MemoryBudget {

    /** The least a user may fix: less holds no model piece worth sending. */
    long MIN_BYTES = 1L << 20;

    /** The fixed number of bytes, or what {@code derived} answers where the user left the choice to the machine. */
    default long bytesOr(LongSupplier derived) {
        return this instanceof Fixed fixed ? fixed.bytes() : derived.getAsLong();
    }

    static MemoryBudget from(SectionReader reader, String key) {
        String expectation = "expected auto or a size of at least " + Units.size(MIN_BYTES);
        return reader.read(key, expectation, "Sizes look like 512MiB or 2GiB.", config -> {
            boolean automatic = config.getString(key).strip().equalsIgnoreCase("auto");
            return automatic ? new Automatic() : new Fixed(config.getBytes(key));
        });
    }

    /** Derived from the machine. */
    record Automatic() implements MemoryBudget {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /** Fixed by the user. */
    record Fixed(long bytes) implements MemoryBudget {
        public Fixed {
            Limits.check("memory bytes", bytes, MIN_BYTES, Long.MAX_VALUE);
        }

        @Override
        public String toString() {
            return Units.size(bytes);
        }
    }
}
