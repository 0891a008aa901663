package dev.tandem.core.variant;

import java.util.Comparator;
import java.util.List;

/**
 * The variants of one task.
 *
 * @param task what all of them do
 * @param variants at least one, in the order in which throughput tables list them
 */
public record ModelFamily(String task, List<Variant> variants) {

    public ModelFamily {
        variants = List.copyOf(variants);
        if (variants.isEmpty()) {
            throw new IllegalArgumentException("family " + task + " must have at least one variant");
        }
        long names = variants.stream().map(Variant::name).distinct().count();
        if (names < variants.size()) {
            throw new IllegalArgumentException("names of the variants of family " + task + " must differ: "
                    + variants.stream().map(Variant::name).toList());
        }
    }

    /** The variant that is right most often, the cheapest of several. */
    public Variant mostAccurate() {
        return variants.stream()
                .max(Comparator.comparingInt(Variant::accuracyUnits)
                        .thenComparing(
                                Comparator.comparingLong(Variant::multiplyAdds).reversed()))
                .orElseThrow();
    }
}
