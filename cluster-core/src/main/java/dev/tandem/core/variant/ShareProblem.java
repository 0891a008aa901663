package dev.tandem.core.variant;

import java.util.List;

/**
 * A batch of images to be shared among places, each of which can run any variant.
 *
 * @param places at least one
 * @param images at least one
 */
public record ShareProblem(ModelFamily family, List<Place> places, int images) {

    public ShareProblem {
        places = List.copyOf(places);
        if (places.isEmpty() || images < 1) {
            throw new IllegalArgumentException(
                    "places (" + places.size() + ") and images (" + images + ") must be at least 1");
        }
        for (Place place : places) {
            if (place.nanosPerImage().size() != family.variants().size()) {
                throw new IllegalArgumentException("place " + place.name() + " has times of "
                        + place.nanosPerImage().size() + " variants, but family " + family.task() + " has "
                        + family.variants().size());
            }
        }
    }

    int levels() {
        return family.variants().size();
    }

    int accuracyUnits(int level) {
        return family.variants().get(level).accuracyUnits();
    }
}
