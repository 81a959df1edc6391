package io.authzengine.storage.driver.http;

import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a client. Java 17 knows no other way than to forget it; since Java 21 it can be told. */
final class ClientEnd {
    private static final Logger LOG = LoggerFactory.getLogger(ClientEnd.class);

    private ClientEnd() {}

    static void end(HttpClient client) {
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(client);
        } catch (NoSuchMethodException e) {
            LOG.trace("This Java ends the client once it is forgotten");
        } catch (IllegalAccessException | InvocationTargetException e) {
            LOG.debug("The client was not told to end, and ends once it is forgotten", e);
        }
    }
}
