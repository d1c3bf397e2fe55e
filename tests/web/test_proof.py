"""The public proof: what anybody reads of the books and of the chain."""

from marketplace.insights.nightly import check_books
from marketplace.ledger import blocks, jobs
from tests.factories.chain import seal_all, tamper, write


def test_before_anything_happened_the_page_says_so(visit):
    page = visit().get("/proof/books")
    assert page.status == 200
    for words in ("not checked yet", "nothing has been sealed yet", "The first block comes with the first entry"):
        assert words in page.words
    assert "unknown I1" in page.words


def test_it_is_found_from_the_head_and_the_foot_of_every_public_page(visit):
    page = visit().get("/terms")
    assert page.text.count('href="/proof"') == 2
    for path in ("/proof", "/proof/books"):
        assert 'href="/proof" aria-current="page"' in visit().get(path).text


def test_it_tells_when_the_books_were_checked_and_where_the_chain_stands(visit):
    write("a", "b")
    seal_all()
    write("c")
    check_books()
    jobs.announce_head()
    write("d")
    head, page = blocks.head(), visit().get("/proof/books")
    assert f'data-copy="{head.hash.hex()}"' in page.text
    assert 'href="/api/v1/proof/1"' in page.text
    spaced = " ".join(head.hash.hex()[at : at + 4] for at in range(0, 64, 4))
    for words in (spaced, "Entries sealed 3", "1 waits", "passed I5", "All of them held.", "to staff block 2"):
        assert words in page.words
    assert "1 run since" in page.words
    assert "0 of them found something" in page.words


def test_it_hides_nothing_when_a_rule_was_broken(visit):
    write("a")
    tamper("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'wallet_cash'")
    check_books()
    page = visit().get("/proof/books").words
    for words in ("failed I3", "passed I5", "1 did not hold.", "1 of them found something"):
        assert words in page
    assert "wallet_cash" not in page, "the rows are for staff"
