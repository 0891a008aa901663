package dev.tandem.deploy.wiring;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A program that starts a local cluster, says which processes it is made of, and waits to be killed. */
final class ClusterOwner {

    private ClusterOwner() {}

    public static void main(String[] arguments) throws InterruptedException {
        LocalCluster cluster = LocalCluster.start(
                NodeTemplate.equal(2, 1, 64L << 20, List.of(0)),
                MemberProgram.of(StandInMember.class.getName()),
                Duration.ofSeconds(30));
        System.out.println(cluster.directory());
        System.out.println(cluster.processes().stream()
                .map(process -> Long.toString(process.pid()))
                .collect(Collectors.joining(" ")));
        Thread.currentThread().join();
    }
}
