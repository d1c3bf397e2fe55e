"""Which columns and cells of an export are about a person, in the languages of the product."""

import pytest

from marketplace.quality.trials.people import is_shown, names_people

PEOPLE = (
    "Name", "Client", "Signed by", "Owner", "Owner Name", "Campaign Owner", "Account Manager", "Product Owner",
    "Kunde", "Клиент", "Имя клиента", "Ответственный", "Владелец кампании", "Klient", "Imię klienta",
    "Osoba kontaktowa", "Cliente", "Nombre del cliente", "Propietario de la campaña", "Vendedor",
)  # fmt: skip
THINGS = (
    "Campaign Name", "Course Name", "Product Name", "Customer Status", "Contact Type", "Customer Plan", "Lead Source",
    "Client Result", "Contact Stage", "Student Course", "Kundentyp", "Статус клиента", "Название курса", "Курс клиента",
    "Имя кампании", "Status klienta", "Nazwa produktu", "Produkt klienta", "Estado del cliente", "Nombre del curso",
    "Tipo de contacto", "Producto del cliente",
)  # fmt: skip
STREETS = (
    "12 Main Street, Austin", "Hauptstr. 3", "Lindenallee 14", "ul. Długa 5", "ul.Długa 5/7", "ulica Nowy Świat 12a",
    "al. Jerozolimskie 44", "os. Słoneczne 3", "ул. Ленина, 5", "ул. Ленина, д. 5, кв. 7", "г. Пермь, улица Мира 10",
    "пр-т Мира, 10", "Ленинский проспект, 32", "наб. реки Фонтанки 20", "Calle Mayor 3", "C/ Mayor, 3",
    "Avda. de América 5", "Paseo de la Castellana 120", "Calle 72 # 10-34",
)  # fmt: skip
NO_STREETS = (
    "Data Science 2", "Plan 5", "Ultra Fast 5", "Place 3", "Calle", "улица", "Closed Won", "2 courses", "os 11",
    "Шоссе", "Allegro 5", "Plaza", "Улыбка 5", "Level 3 Sales",
)  # fmt: skip


@pytest.mark.parametrize("heading", PEOPLE)
def test_a_heading_may_name_people_and_the_cells_decide(heading):
    assert names_people(heading, 10, 5)
    assert not names_people(heading, 10, 4)


@pytest.mark.parametrize("heading", THINGS)
def test_a_thing_is_no_person_however_its_cells_are_written(heading):
    assert not names_people(heading, 10, 10)


@pytest.mark.parametrize("text", STREETS)
def test_a_street_is_not_told(text):
    assert not is_shown(text)


@pytest.mark.parametrize("text", NO_STREETS)
def test_what_is_no_street_is_told(text):
    assert is_shown(text)
