import org.codelibs.opensearch.runner.OpenSearchRunner;

/** Starts OpenSearch nodes on loopback, says where they listen, and stops when standard input ends. Arguments: folder, nodes, first port. */
public final class Cluster {
    private Cluster() {
    }

    public static void main(final String[] arguments) throws Exception {
        final int nodes = Integer.parseInt(arguments[1]);
        try (OpenSearchRunner runner = new OpenSearchRunner()) {
            // The runner refuses ports above 9299 unless told otherwise.
            runner.setMaxHttpPort(65535);
            runner.build(OpenSearchRunner.newConfigs().basePath(arguments[0]).clusterName("khaneh-test")
                    .numOfNode(nodes).baseHttpPort(Integer.parseInt(arguments[2])).disableESLogger());
            runner.ensureGreen();
            final StringBuilder addresses = new StringBuilder("READY");
            for (int number = 0; number < nodes; number++) {
                addresses.append(" http://127.0.0.1:").append(runner.getNode(number).settings().get("http.port"));
            }
            System.out.println(addresses);
            System.out.flush();
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }
}
