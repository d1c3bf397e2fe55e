"""Which columns and cells of an export are about a person, in the languages of the product."""

import time

import pytest

from marketplace.quality.trials.people import is_shown, names_people

PEOPLE = (
    "Name", "Client", "Signed by", "Owner", "Owner Name", "Campaign Owner", "Account Manager", "Product Owner",
    "Kunde", "Клиент", "Имя клиента", "Ответственный", "Владелец кампании", "Klient", "Imię klienta",
    "Osoba kontaktowa", "Cliente", "Nombre del cliente", "Propietario de la campaña", "Vendedor",
    # what a person is of is not the noun
    "Region Manager", "Country Manager", "Channel Manager", "Category Manager", "City Manager", "Department Manager",
    "Sector Rep", "Group Agent", "Region Managers", "Manager of Region", "Region Buyer Name", "Product Manager Name",
    "Responsable de canal", "Продукт-менеджер", "Канал: менеджер",
    # several things in one
    "Manager (Region)", "Contact Person / Title", "Name and Title", "NameAndTitle", "Title, Name", "Status & Owner",
    "Vor- und Nachname", "Должность и имя", "Stanowisko i osoba", "Cargo y nombre", "Name Region",
    "Agent\\Region", "Agent - Region",
    # a name of somebody
    "Buyer Name", "Prospect Name", "Borrower Name", "Employee Name", "Broker Name", "Spouse Name", "User Name",
    "Username", "Account Name", "Account", "Opportunity Name", "Deal Name", "Name des Kunden", "Kundenname",
    "Name of the Buyer", "Name of Campaign Owner", "Nombre completo", "ФИО сотрудника", "Имя менеджера",
    "Имя контакта", "Nazwisko opiekuna", "Nazwa opiekuna", "Imię handlowca",
    "Name1", "Owner2", "Assigned To", "Kundenberater", "Vertriebsmitarbeiter", "Filialleiter",
    # a person's whatever follows
    "First Name", "Last Name", "lastName", "Surname", "Surnames", "Campaign Last Name", "Vorname", "Nachname Firma",
    "ФИО", "Фамилия", "Фамилия, курс", "Nazwisko", "Apellido", "Apellidos del curso",
)  # fmt: skip
THINGS = (
    "Campaign Name", "Course Name", "Product Name", "Customer Status", "Contact Type", "Customer Plan", "Lead Source",
    "Client Result", "Contact Stage", "Student Course", "Kundentyp", "Статус клиента", "Название курса", "Курс клиента",
    "Имя кампании", "Status klienta", "Nazwa produktu", "Produkt klienta", "Estado del cliente", "Nombre del curso",
    "Tipo de contacto", "Producto del cliente", "Type of Contact", "Contact Source 2", "Customer's Status",
    "Customer Campaign Name", "First Course Name", "Name of the Campaign", "Channel Name", "Source Name", "Page Name",
    "Form Name", "Filename", "Company Name", "Produktname", "Name der Kampagne", "Art des Kontakts", "Region klienta",
    "Typ klienta", "Канал менеджера", "Имя курса клиента", "Nombre de la campaña", "Canal de contacto",
    "Ad Name", "ad_set_name", "adset_name", "Creative Name", "School Name", "Team Name", "Location Name", "Domain Name",
    "Product/Service", "Source and Medium", "Deal Stage", "Opportunity Type",
)  # fmt: skip
STREETS = (
    "12 Main Street, Austin", "Hauptstr. 3", "Lindenallee 14", "ul. Długa 5", "ul.Długa 5/7", "ulica Nowy Świat 12a",
    "al. Jerozolimskie 44", "os. Słoneczne 3", "ул. Ленина, 5", "ул. Ленина, д. 5, кв. 7", "г. Пермь, улица Мира 10",
    "пр-т Мира, 10", "Ленинский проспект, 32", "наб. реки Фонтанки 20", "Calle Mayor 3", "C/ Mayor, 3",
    "Avda. de América 5", "Paseo de la Castellana 120", "Calle 72 # 10-34",
    "ул. 8 Марта, 12", "улица 8 Марта, д. 12", "ул. 1-я Тверская, 5", "ul. 3 Maja 12", "Av. 9 de Julio 1000",
    "Plaza 2 de Mayo 5", "11 Elm Way", "11 elm way, Austin", "Home: 7 Rose Circle", "3 Old Oak Place", "мкр. 5, дом 3",
    "5-й микрорайон, 3", "мкр. Северный, 5",
)  # fmt: skip
NO_STREETS = (
    "Data Science 2", "Plan 5", "Ultra Fast 5", "Place 3", "Calle", "улица", "Closed Won", "2 courses", "os 11",
    "Шоссе", "Allegro 5", "Plaza", "Улыбка 5", "Level 3 Sales", "Demo 2 took place", "Half way", "8 Марта", "мкр. 53",
    "Circle 5",
)  # fmt: skip
HOSTILE = (
    "1", "a", "1a ", "11 Elm ", "1 A B C ", "12 a.b", "5-й ", "ул.", "ul. a, ", "ш.1-1 ", "мкр. 5", "c/ ", "al 1-a a ",
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


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_cell_is_read_in_less_than_a_millisecond(piece):
    cell = (f"1 {piece * 500}")[:500]
    taken = []
    for _turn in range(5):
        began = time.thread_time()
        is_shown(cell)
        taken.append(time.thread_time() - began)
    assert min(taken) < 0.001
