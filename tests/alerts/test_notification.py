from alerts.notification import board_url


def test_a_link_to_the_board_carries_the_signature_whatever_it_holds() -> None:
    link = board_url("https://stalls.example/", "failing:erp → bank & 503 #1")

    assert link == "https://stalls.example/?cause=failing%3Aerp+%E2%86%92+bank+%26+503+%231"
