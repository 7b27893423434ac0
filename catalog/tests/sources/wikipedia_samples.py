"""Wikitext and copied text of invented series, with what makes real articles hard to read."""

SERIES = """{{Use dmy dates|date=May 2020}}
<!-- Do not change the spelling. -->
{{Infobox television |
 | show_name = Night Ferry <!-- not "Ferry" -->
 | show_name_2 = ''The Ferry''
 | format = [[Drama]], [[Comedy film|Comedy]]
 | creator = [[Ada Holt]]<br />[[Ben Okri (producer)|Ben Okri]]
 | writer = {{ubl|Ada Holt|[[Cy Reed]]|Dee Lind (series 2)}}
 | starring = {{Plainlist|
* [[Eva Stone|Eve Stone]]
* [[Finn Wolf (actor)|Finn Wolf]]
* Guy Hart, Jr.
}}
 | voices = [[Hal Moss]]
 | composer = Ida Bell
 | country = [[Television in Ireland|Ireland]]<br>United Kingdom
 | language = English
 | num_series = 2
 | num_episodes = 12
 | executive_producer = Jo Kerr{{efn|From the titles.}}<br/>[[Kit Lane]]
 | camera = [[Single-camera setup|Single-camera]]
 | runtime = 25–30 minutes<ref>{{cite web |url=https://example.org/times |title="Times" |work=[[Broadcast]]}}</ref>
 | company = [[Lough Films]]
 | channel = [[RTÉ One]] (2001–2002)<br />Sky
 | first_aired = {{Start date|df=y|2001|9|29}}
 | last_aired = {{End date|2002|12|1|df=yes}}
 | status = Ended
 | location = Cork
 | website = javascript:alert(1)
 |}}
'''''Night Ferry''''' is a series.<ref>[javascript:alert(1) Bad]</ref><ref>''The Guide'', p. 3.</ref>

== Cast ==
=== Main ===
* [[Eva Stone|Eve Stone]] as [[Mia Gray]], a captain who comes home.
* [[Finn Wolf (actor)|Finn Wolf]] as Tom <small>(Not in "Fog")</small>
=== Recurring ===
{{Columns-list|2|
* Gus Peel, Jr. as The Pilot (4 episodes)
* '''Voice of the radio''' (voiced by [[Hal Moss]]) is heard at night.
}}
== Reception ==
On [[Rotten Tomatoes]], the series has an approval rating of 71% with an average rating of 6.2/10, based on 14 reviews.
On [[Metacritic]], the second season scored 64 out of 100 based on 9 critics, indicating "generally favorable reviews".
== External links ==
* {{IMDb title|id=0000123|title=Night Ferry}}
"""

SEASON = """{{Infobox television season
| season_number = 2<br />''The Crossing''
| num_episodes = 5
| showrunner = {{hlist|[[Ada Holt]]|Cy Reed}}
| network = RTÉ One
| first_aired = {{Start date|2002|3|3}}
| last_aired = {{End date|2002|12|1}}
}}
<onlyinclude>{{Episode table |aux2T=Storyboard by |aux3T=Ferry |episodes=
{{Episode list/sublist|Night Ferry season 2
| EpisodeNumber   = 8
| EpisodeNumber2  = 1
| RTitle          = "[[Fog (Night Ferry)|Fog]]" (Part 1)
| DirectedBy      = [[Ben Okri (producer)|Ben Okri]]
| WrittenBy       = {{StoryTeleplay|s=Ada Holt & [[Cy Reed]]|t=Cy Reed}}
| Aux2            = Lu Mann, Moe Nash
| Aux3            = MV Ada
| OriginalAirDate = Sunday {{Start date|2002|3|3|df=y}}
| ProdCode        = 201<!-- checked -->
| Viewers         = 0.4<ref name="v">{{cite news |title=Ratings |newspaper=The Paper |url=https://example.org/r}}</ref>
| ShortSummary    = Somebody's sentences. {{Episode cast|Nobody}}
}}
{{#invoke:Episode list|sublist|Night Ferry season 2
| EpisodeNumber   = 9
| EpisodeNumber2  = 2
| RTitle          = "Fog" (Part 2)
| DirectedBy      = B. Okri (as Benny) <br /> Guy Hart, Jr.
| WrittenBy       = ''Story by'': Ada Holt<br />''Teleplay by'': Cy Reed<br />''Additional writing by:'' Dee Lind,
<br />Max Orr & Nan Poe
| OriginalAirDate = {{start date|2002|3|10}}<br />{{start date|2002|4|1}} (UK)
}}
{{Episode list/sublist|Night Ferry season 2
| NumParts = 2
| EpisodeNumber_1 = 10 | EpisodeNumber2_1 = 3 | Title_1 = Out
| EpisodeNumber_2 = 11 | EpisodeNumber2_2 = 4 | Title_2 = Back
| DirectedBy      = Ada Holt
| OriginalAirDate = {{Start date|2002|3}}
}}
{{Episode list/sublist|Night Ferry season 2
| EpisodeNumber   = 12{{hr}}13
| EpisodeNumber2  = 5–6
| Title           = [[Homeward]]
| OriginalAirDate = TBA
| ProdCode        = 205<br />206
}}
}}</onlyinclude>
"""

EPISODE_LIST = """{{DISPLAYTITLE:List of ''Night Ferry'' episodes}}
== Unaired pilot ==
{| class="wikitable"
! No. !! Title !! Writer !! Director !! Airdate
{{Episode list
 |EpisodeNumber=—
 |Title=Pilot
 |Aux1=—
 |Aux2=[[Ada Holt]]
 |OriginalAirDate=''Unaired''
}}
|}
== Series 1 (2001) ==
{| class="wikitable"
! No. !! Title !! Writer !! Director !! Airdate
{{Episode list
 |EpisodeNumber=1
 |Title="Tide" and "Time"
 |Aux1=[[Ada Holt]], Cy Reed
 |Aux2=Cy Reed
 |OriginalAirDate=Saturday {{Start date|2001|9|29|df=yes}}
}}
{{Japanese episode list multi-part
 |NumParts=2
 |EpisodeNumber=02
 |EnglishTitleA=Rope
 |EnglishTitleB=Sail
 |KanjiTitleA=ロープ
 |KanjiTitleB=帆
 |RomajiTitleA=Rōpu
 |RomajiTitleB=Ho
 |OriginalAirDate={{Start date|2001|10|6}}
}}
|}
== Series Two ==
{{Episode list
 |EpisodeNumber=3
 |Title=Fog
 |DirectedBy=Ben Okri
 |OriginalAirDate={{Start date|2002|3|3}}
}}
"""

EPISODE = """{{Infobox television episode
| series = [[Night Ferry]]
| season = 2
| episode = 3{{efn|A note.}}
| director = [[Ada Holt]]
| photographer = Pia Quick
| music = Ida Bell
| length = 1 hour 2 minutes
| airdate = {{Start date|2002|3|17}}
| guests = *[[Eva Stone]] as Mia
*Rex Toll as Harbour master
}}
"'''Lighthouse'''" is an episode.
"""

COPIED = """Night Ferry is a television series created by Ada Holt. It is executive produced by \
Holt alongside Jo Kerr and stars Eve Stone, Finn Wolf (in his first role), and Guy Hart Jr. In May 2003, the series \
was cancelled after one season.
Night Ferry | |
---|---|
![]() | |
Genre | Drama |
Created by | Ada Holt |
Composers |
- Ida Bell
- Sam Urban
|
No. of seasons | 1 |
No. of episodes | 3 |
Running time | 25–30 minutes |
Original network | RTÉ One (Until 2009)[1] |
Original release | March 3, 2002 (2002-03-03) |
No. | Title | Directed by | Written by | Original release date | Prod. code |
---|---|---|---|---|---|
1 | "Fog" | Ben Okri | Ada Holt | March 3, 2002 (2002-03-03) | N01 |
Somebody's sentences. | |||||
2 | "Rope" | Ada Holt | Cy Reed Dee Lind | March 3, 2002 (2002-03-03) | N02 |
Others. | |||||
3 | "Sail" | Ben Okri | Ada Holt Max Orr Nan Poe | March 3, 2002 (2002-03-03) | N03 |
On Rotten Tomatoes, the series holds an approval rating of 38%, based on 8 reviews. \
On Metacritic, it has a score of 58 out of 100, based on 4 critics, indicating "mixed or average reviews".[2]
"""

PLAIN_TABLE = """{{Infobox television
| name = Night Ferry
| num_seasons = 1
}}
{{Series overview|episodes1=2|start1={{Start date|2001|9|29}}}}
== Series 1 ==
{| class="wikitable"
! scope="col" | No.
! Title
! Directed by
! Written by
! Air date
|-
| 1 || "[[Tide]]" || [[Ada Holt]] || Cy Reed<br>Dee Lind || 29 September 2001
|-
| colspan="5" | Somebody's sentences.
|-
! 2
| "Rope"
| Ada Holt
| Cy Reed & Dee Lind
| {{Start date|2001|10|6}}<ref>{{cite web|title=Rope|url=https://example.org/rope}}</ref>
|}
== Home media ==
{| class="wikitable"
! Title !! Release date !! Discs
|-
| Series 1 || 1 May 2002 || 2
|}
"""
