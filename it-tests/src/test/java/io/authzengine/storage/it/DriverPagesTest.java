package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriverProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The settings that a driver reads, those that it tells of by {@code --help} and those of its page are the same. */
class DriverPagesTest {
    private static final Path PAGES = Path.of(PolicydProcess.required("docs"), "drivers");
    private static final Pattern TABLE = Pattern.compile("\\n\\| key \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)+)");
    private static final Pattern KEY = Pattern.compile("`([A-Za-z0-9]+)[^`]*`");
    /** What a driver must have before it reads on. */
    private static final Map<String, String> NEEDED =
            Map.of("provider", "s3", "repository", "https://git.example.com/policies.git");

    @TestFactory
    Stream<DynamicTest> haveTheSettings() {
        return ServiceLoader.load(StorageDriverProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .map(provider -> DynamicTest.dynamicTest("of " + provider.type(), () -> compare(provider)));
    }

    private static void compare(StorageDriverProvider provider) throws IOException {
        Set<String> read = read(provider);
        Set<String> told = new TreeSet<>();
        provider.settings().keySet().forEach(key -> told.add(key.replaceFirst("[^A-Za-z0-9].*", "")));
        assertThat(told).as("told of, and read").isEqualTo(read);
        assertThat(onPage(provider.type())).as("on the page, and read").isEqualTo(read);
    }

    /** The keys of the first table of the page, without what is within a block. */
    private static Set<String> onPage(String type) throws IOException {
        String page = Files.readString(PAGES.resolve(type + ".md")).replace("\r", "");
        Matcher table = TABLE.matcher(page);
        assertThat(table.find()).as("a table of settings").isTrue();
        Set<String> keys = new TreeSet<>();
        table.group(1).lines().forEach(line -> {
            Matcher key = KEY.matcher(line.split("\\|", -1)[1]);
            while (key.find()) {
                keys.add(key.group(1));
            }
        });
        return keys;
    }

    /** All that the driver asks for until it says that it has asked for all. */
    private static Set<String> read(StorageDriverProvider provider) {
        Set<String> asked = new TreeSet<>(Set.of("id")); // May be asked for at any time.
        DriverConfig config = (DriverConfig) Proxy.newProxyInstance(
                DriverConfig.class.getClassLoader(),
                new Class<?>[] {DriverConfig.class},
                (proxy, method, arguments) -> answer(asked, method, arguments == null ? new Object[0] : arguments));
        try (StorageContext context = StorageContext.create("pages")) {
            Throwable end = catchThrowable(() -> provider.create(config, context));
            assertThat(end).isInstanceOf(AllReadException.class);
        }
        return asked;
    }

    private static Object answer(Set<String> asked, Method method, Object[] arguments)
            throws InvocationTargetException, IllegalAccessException {
        String name = method.getName();
        if (name.equals("verify")) {
            throw new AllReadException();
        } else if (name.equals("resolve")) {
            return Path.of((String) arguments[0]);
        } else if (name.equals("path")) {
            return "storage";
        }
        String key = arguments.length == 0 ? name : (String) arguments[0];
        asked.add(key);
        return value(key, method, arguments);
    }

    /** The fallback if one was given, or else as little as there can be. */
    private static Object value(String key, Method method, Object[] arguments) {
        Class<?> type = method.getReturnType();
        if (method.getName().equals("choice")) {
            return arguments[2];
        } else if (type == Optional.class || type == void.class) {
            return Optional.empty();
        } else if (method.getName().equals("sections")) {
            return List.of();
        } else if (type == boolean.class && arguments.length == 1) {
            return false;
        } else if (arguments.length > 1) {
            return arguments[1];
        }
        String needed = NEEDED.getOrDefault(key, "https://example.com/policies");
        return type == List.class ? List.of(needed) : needed;
    }

    /** Ends the reading where the driver would be made. */
    private static final class AllReadException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
