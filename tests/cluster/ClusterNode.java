import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node in a process of its own, on loopback, until standard input ends (or it is killed).
 * Arguments: folder, node's name, HTTP port, transport port, then the transport ports of all nodes separated by commas, and their names.
 */
public final class ClusterNode extends Node {
    private ClusterNode(final Settings settings, final String name) {
        super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> name), List.of(Netty4Plugin.class), true);
    }

    public static void main(final String[] arguments) throws Exception {
        final String name = arguments[1];
        final Settings settings = Settings.builder()
                .put("cluster.name", "khaneh-test")
                .put("node.name", name)
                .put("path.home", Path.of(arguments[0], name).toString())
                .put("network.host", "127.0.0.1")
                .put("http.port", arguments[2])
                .put("transport.port", arguments[3])
                .putList("discovery.seed_hosts", addresses(arguments[4]))
                // Only asked for at the very first start: a node that comes back knows its cluster.
                .putList("cluster.initial_cluster_manager_nodes", arguments[5].split(","))
                // A test machine's disc may be fuller than a server's should be.
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .put("node.store.allow_mmap", false)
                .build();
        try (Node node = new ClusterNode(settings, name)) {
            node.start();
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    private static List<String> addresses(final String ports) {
        return List.of(ports.split(",")).stream().map(port -> "127.0.0.1:" + port).toList();
    }
}
