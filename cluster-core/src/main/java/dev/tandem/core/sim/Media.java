package dev.tandem.core.sim;

import dev.tandem.core.cost.ResourceKind;
import java.util.List;

/** The shared media: a transfer takes all those that its link is on. */
final class Media {

    private final List<String> names;
    private final List<int[]> ofLink;
    private final Usage usage;

    /** @param ofLinks by link the names of its media */
    Media(List<List<String>> ofLinks) {
        this.names = ofLinks.stream().flatMap(List::stream).distinct().toList();
        this.ofLink = ofLinks.stream()
                .map(media -> media.stream().mapToInt(names::indexOf).toArray())
                .toList();
        this.usage = new Usage(names.size());
    }

    double freeAt(int link, double now) {
        double free = now;
        for (int medium : ofLink.get(link)) {
            free = usage.freeAt(medium, free);
        }
        return free;
    }

    void take(int link, double begin, double seconds) {
        for (int medium : ofLink.get(link)) {
            usage.take(medium, begin, seconds);
        }
    }

    void addUse(List<Resource> resources, double durationSeconds) {
        usage.addUse(resources, ResourceKind.SHARED_MEDIUM, names, durationSeconds);
    }
}
