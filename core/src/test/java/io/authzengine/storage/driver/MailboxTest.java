package io.authzengine.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.simulation.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private static final long PATIENCE_SECONDS = 60;

    @Nested
    class OnOneThread {
        private final Simulation sim = Simulation.seeded(1);
        private final StorageContext context = new StorageContext(
                sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
        private final List<String> received = new ArrayList<>();

        private Mailbox<String> mailbox(Consumer<String> receiver) {
            return new Mailbox<>(context, 2, receiver, () -> "make-up");
        }

        @Test
        void deliversInOrder() {
            Mailbox<String> mailbox = mailbox(received::add);
            mailbox.send("a");
            mailbox.send("b");
            assertThat(received).containsExactly("a", "b");
        }

        @Test
        void aReceiverThatThrowsGetsTheNextMessageToo() {
            Mailbox<String> mailbox = mailbox(message -> {
                received.add(message);
                throw new StackOverflowError();
            });
            mailbox.send("a");
            mailbox.send("b");
            assertThat(received).containsExactly("a", "b");
        }

        @Test
        void whatWaitsBeyondItsCapacityIsMadeUpForOnce() {
            List<Mailbox<String>> own = new ArrayList<>();
            own.add(mailbox(message -> {
                received.add(message);
                if (message.equals("first")) {
                    for (String next : List.of("a", "b", "c", "d")) {
                        own.get(0).send(next);
                    }
                }
            }));
            own.get(0).send("first");
            own.get(0).send("after");
            assertThat(received).containsExactly("first", "make-up", "after");
            assertThat(own.get(0).dropped()).isEqualTo(4);
        }

        @Test
        void aMakeUpThatCannotBeMadeDoesNotEndTheDelivery() {
            List<Mailbox<String>> own = new ArrayList<>();
            own.add(new Mailbox<>(
                    context,
                    1,
                    message -> {
                        received.add(message);
                        if (message.equals("first")) {
                            own.get(0).send("a");
                            own.get(0).send("b");
                        }
                    },
                    () -> {
                        throw new IllegalStateException("cannot be made");
                    }));
            own.get(0).send("first");
            own.get(0).send("after");
            assertThat(received).containsExactly("first", "after");
        }

        @Test
        void afterCloseNothingIsDelivered() {
            Mailbox<String> mailbox = mailbox(received::add);
            mailbox.close();
            mailbox.close();
            mailbox.send("a");
            assertThat(received).isEmpty();
        }

        @Test
        void closedByItsReceiverItDropsWhatWaits() {
            List<Mailbox<String>> own = new ArrayList<>();
            own.add(mailbox(message -> {
                received.add(message);
                own.get(0).send("waits");
                own.get(0).close();
            }));
            own.get(0).send("first");
            assertThat(received).containsExactly("first");
        }

        @Test
        void workersThatAreShutDownLoseNothingButTime() {
            Mailbox<String> mailbox = mailbox(received::add);
            sim.workers().shutdown();
            mailbox.send("a");
            mailbox.close();
            assertThat(received).isEmpty();
        }

        @Test
        void holdsAtLeastOneMessage() {
            assertThatThrownBy(() -> new Mailbox<>(context, 0, received::add, () -> "x"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class OnRealThreads {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final CountDownLatch all = new CountDownLatch(2);
        private final List<String> received = new CopyOnWriteArrayList<>();

        private void receive(String message) {
            received.add(message);
            entered.countDown();
            try {
                if (!goOn.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("nobody let the receiver go on");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            all.countDown();
        }

        @Test
        void theSenderNeverWaitsForTheReceiver() throws InterruptedException {
            try (StorageContext context = StorageContext.create("mailbox")) {
                Mailbox<String> mailbox = new Mailbox<>(context, 2, this::receive, () -> "make-up");
                mailbox.send("first");
                assertThat(entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                for (int i = 0; i < 1000; i++) {
                    mailbox.send("m" + i);
                }
                goOn.countDown();
                assertThat(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(received).containsExactly("first", "make-up");
            }
        }

        @Test
        void closeWaitsForADeliveryUnderWay() throws InterruptedException {
            try (StorageContext context = StorageContext.create("mailbox")) {
                StorageContext lettingGo = new StorageContext(
                        context.clock(),
                        context.ticker(),
                        context.random(),
                        context.scheduler(),
                        context.workers(),
                        (future, limit) -> {
                            goOn.countDown(); // Only now that close() waits may the delivery end.
                            return context.waiting().await(future, Duration.ofSeconds(PATIENCE_SECONDS));
                        });
                Mailbox<String> mailbox = new Mailbox<>(lettingGo, 2, this::receive, () -> "make-up");
                mailbox.send("first");
                assertThat(entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                mailbox.close();
                assertThat(all.getCount()).isEqualTo(1);
            }
        }
    }
}
