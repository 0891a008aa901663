package dev.tandem.core.topology;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** An immutable snapshot of the cluster's machines and the links between them. */
public record Topology(List<Node> nodes, List<Link> links) {

    public Topology {
        nodes = List.copyOf(nodes);
        links = List.copyOf(links);
        if (nodes.stream().map(Node::id).distinct().count() != nodes.size()) {
            throw new IllegalArgumentException(
                    "node names must be unique: " + nodes.stream().map(Node::id).toList());
        }
        Set<List<String>> ends = new HashSet<>();
        for (Link link : links) {
            if (!ends.add(List.of(link.from(), link.to()))) {
                throw new IllegalArgumentException("the link " + link.from() + " -> " + link.to()
                        + " is there twice; expected one of each direction");
            }
        }
    }

    public Optional<Node> node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
    }

    public Optional<CoreGroup> coreGroup(CoreGroupId id) {
        return node(id.node()).flatMap(node -> node.coreGroups().stream()
                .filter(group -> group.id().equals(id))
                .findFirst());
    }

    public List<CoreGroup> coreGroups() {
        return nodes.stream().flatMap(node -> node.coreGroups().stream()).toList();
    }

    /** Names of the nodes whose power is not known; where there are any, no plan's energy is. */
    public List<String> nodesWithoutPower() {
        return nodes.stream().filter(node -> !node.hasPower()).map(Node::id).toList();
    }

    /** The same machines, whose core groups have these rates. */
    public Topology withRates(ToDoubleFunction<CoreGroup> rate) {
        return new Topology(
                nodes.stream()
                        .map(node -> node.with(node.coreGroups().stream()
                                .map(group -> group.at(rate.applyAsDouble(group)))
                                .toList()))
                        .toList(),
                links);
    }

    /** The same machines where every link from or to one of these places is on one more shared channel. */
    public Topology withMedium(String name, Set<String> places) {
        return new Topology(
                nodes,
                links.stream()
                        .map(link -> places.contains(link.from()) || places.contains(link.to())
                                ? link.on(Stream.concat(link.media().stream(), Stream.of(name))
                                        .toList())
                                : link)
                        .toList());
    }

    /** The link between two different nodes, absent when they cannot reach each other. */
    public Optional<Link> link(String from, String to) {
        return links.stream()
                .filter(link -> link.from().equals(from) && link.to().equals(to))
                .findFirst();
    }
}
