// Subscriptions: woken by their own job, folded while nobody looks, gone when they end.

import Jobs
import Testing

@Suite("Change feed")
struct ChangeFeedTests {
  let feed = ChangeFeed()
  let ids = TimeOrderedIDGenerator(clock: ManualClock())

  @Test("a signal before the wait is not lost, and many fold into one")
  func folding() async {
    let id = ids.next()
    let (changes, end) = feed.subscribe(to: id)
    for _ in 0..<10 { feed.signal(id) }
    feed.signal(ids.next())
    var iterator = changes.makeAsyncIterator()
    #expect(await iterator.next(isolation: nil) != nil)
    end()
    #expect(await iterator.next(isolation: nil) == nil)
  }

  @Test("every subscriber of a job is woken, and none of another")
  func fanOut() async {
    let (watched, other) = (ids.next(), ids.next())
    let watchers = (0..<5).map { _ in feed.subscribe(to: watched) }
    let bystander = feed.subscribe(to: other)
    feed.signal(watched)
    for watcher in watchers {
      var iterator = watcher.changes.makeAsyncIterator()
      #expect(await iterator.next(isolation: nil) != nil)
    }
    bystander.end()
    var iterator = bystander.changes.makeAsyncIterator()
    #expect(await iterator.next(isolation: nil) == nil)
  }

  @Test("an ended subscription leaves nothing behind")
  func ending() async {
    let id = ids.next()
    let subscriptions = (0..<3).map { _ in feed.subscribe(to: id) }
    #expect(feed.count == 3)
    for subscription in subscriptions { subscription.end() }
    #expect(feed.count == 0)
  }

  @Test("a closed feed ends what waits, and whoever comes later does not wait at all")
  func closing() async {
    let id = ids.next()
    let earlier = feed.subscribe(to: id)
    feed.close()
    let later = feed.subscribe(to: id)
    for subscription in [earlier, later] {
      var iterator = subscription.changes.makeAsyncIterator()
      #expect(await iterator.next(isolation: nil) == nil)
    }
    #expect(feed.count == 0)
  }

  @Test("a cancelled task stops waiting and leaves nothing behind")
  func cancellation() async {
    let id = ids.next()
    let (changes, _) = feed.subscribe(to: id)
    let task = Task {
      for await _ in changes {}
    }
    task.cancel()
    await task.value
    #expect(feed.count == 0)
  }
}
