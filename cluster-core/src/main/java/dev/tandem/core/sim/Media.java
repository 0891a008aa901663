package dev.tandem.core.sim;

import dev.tandem.core.sim.Layout.NodePair;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The shared media: a transfer takes those that either end of its link is on. */
final class Media {

    private final List<String> names;
    private final List<int[]> ofLink = new ArrayList<>();
    private final Usage usage;

    Media(List<NodePair> links, List<SharedMedium> media) {
        this.names = media.stream().map(SharedMedium::name).toList();
        this.usage = new Usage(media.size());
        for (NodePair link : links) {
            ofLink.add(IntStream.range(0, media.size())
                    .filter(medium -> media.get(medium).nodes().contains(link.from())
                            || media.get(medium).nodes().contains(link.to()))
                    .toArray());
        }
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
        usage.addUse(resources, Resource.Kind.SHARED_MEDIUM, names, durationSeconds);
    }
}
