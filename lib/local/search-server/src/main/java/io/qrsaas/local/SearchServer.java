package io.qrsaas.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node in the foreground, on the loopback interface unless another is given. Its modules are on the class
 * path: the official distribution, which brings each in a folder of its own, is on no registry of packages.
 *
 * <p>Usage: {@code SearchServer FOLDER PORT [HOST]}
 */
public final class SearchServer {
  private SearchServer() {}

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    Settings settings = Settings.builder()
        .put("path.home", home.toString())
        // A list: as one text it would be split at commas.
        .putList("path.data", home.resolve("data").toString())
        .put("path.logs", home.resolve("logs").toString())
        .put("cluster.name", "qr-search")
        .put("node.name", "qr-search")
        .put("discovery.type", "single-node")
        .put("network.host", args.length > 2 ? args[2] : "127.0.0.1")
        .put("http.port", args[1])
        // Nobody but this node talks to it by that; any port will do.
        .put("transport.port", "0")
        .put("http.type", Netty4Plugin.NETTY_HTTP_TRANSPORT_NAME)
        .put("transport.type", Netty4Plugin.NETTY_TRANSPORT_NAME)
        // A misspelled index is an error, not a new index; those with a template may be made.
        .put("action.auto_create_index", "audit-*,scans-*")
        // A laptop's disk is fuller than a server's may be.
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .build();
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> "qr-search");
    CountDownLatch ended = new CountDownLatch(1);
    Node node = new LocalNode(environment, List.of(Netty4Plugin.class, ReindexPlugin.class));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        node.close();
      } catch (Exception e) {
        e.printStackTrace();
      } finally {
        ended.countDown();
      }
    }, "close"));
    node.start();
    ended.await();
  }

  /** The constructor that takes plugins of the class path is for subclasses. */
  private static final class LocalNode extends Node {
    LocalNode(Environment environment, List<Class<? extends Plugin>> plugins) {
      super(environment, plugins, false);
    }
  }
}
