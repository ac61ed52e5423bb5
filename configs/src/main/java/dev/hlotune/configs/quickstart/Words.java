package dev.hlotune.configs.quickstart;

import java.util.List;

/** The words that the quickstart conversations ask about: everyday things of 3 to 9 letters. */
public final class Words {
  private static final String ANIMALS =
      """
      otter badger beaver rabbit squirrel hedgehog fox wolf bear deer moose bison buffalo camel
      horse pony donkey zebra giraffe elephant rhino hippo lion tiger leopard cheetah panther
      jaguar cougar lynx cat kitten dog puppy hound sheep lamb goat cow bull calf pig piglet hen
      rooster chick duck goose swan turkey pigeon dove crow raven magpie robin sparrow finch lark
      thrush starling swallow eagle hawk falcon owl vulture heron stork crane pelican seagull
      puffin penguin ostrich emu parrot peacock flamingo toucan whale dolphin porpoise seal walrus
      shark tuna salmon trout herring sardine cod carp pike eel perch squid octopus lobster crab
      shrimp prawn oyster clam mussel snail slug worm spider scorpion ant bee wasp hornet beetle
      ladybug moth butterfly cricket locust mantis fly mosquito flea tick termite frog toad newt
      lizard gecko iguana snake python cobra viper turtle tortoise crocodile alligator monkey
      gorilla baboon lemur sloth koala kangaroo wombat panda raccoon skunk weasel ferret mink mole
      shrew mouse rat hamster gerbil bat hyena jackal coyote antelope gazelle reindeer yak llama
      alpaca mule colt stallion
      """;

  private static final String FOOD =
      """
      apple pear plum peach cherry grape melon lemon lime orange banana mango papaya apricot fig
      date kiwi coconut pineapple raspberry blueberry currant olive avocado tomato potato carrot
      onion garlic leek celery spinach lettuce cabbage broccoli kale radish turnip beetroot parsnip
      pumpkin squash zucchini cucumber pepper eggplant corn pea bean lentil chickpea rice barley oat
      wheat rye flour bread toast roll bun bagel muffin pancake waffle biscuit cookie cake pie tart
      donut pastry pudding custard jelly jam honey syrup sugar salt vinegar mustard ketchup butter
      cheese cream milk yogurt egg omelet bacon ham sausage steak beef pork mutton chicken soup stew
      salad sandwich pizza pasta noodle macaroni lasagna burger taco burrito curry dumpling sushi
      popcorn pretzel cracker candy chocolate caramel toffee fudge tea coffee cocoa juice water soda
      lemonade cider walnut almond peanut cashew hazelnut pecan chestnut raisin prune cinnamon
      ginger nutmeg vanilla basil parsley thyme rosemary oregano mint sage dill mushroom truffle
      seaweed tofu gravy sauce
      """;

  private static final String THINGS =
      """
      chair table sofa couch bench stool desk shelf drawer cupboard wardrobe bed pillow blanket
      sheet mattress lamp candle lantern mirror curtain carpet rug door window roof chimney wall
      floor ceiling stairs ladder fence gate garden kitchen bedroom bathroom attic cellar garage
      oven stove fridge kettle toaster pan pot plate bowl cup mug glass bottle jar jug spoon fork
      knife napkin tray basket bucket barrel broom brush mop sponge soap towel bathtub shower faucet
      toilet comb razor scissors needle thread button zipper ribbon cloth cotton silk wool leather
      shirt blouse sweater jacket coat scarf glove mitten hat cap helmet belt trousers jeans skirt
      dress sock shoe boot sandal slipper pajamas apron pocket purse wallet umbrella suitcase
      backpack bag box crate parcel envelope stamp paper pencil pen crayon marker eraser ruler
      notebook book novel magazine newspaper map calendar clock watch alarm phone camera radio
      computer keyboard screen printer cable battery switch plug socket bulb engine motor wheel tire
      brake pedal bicycle scooter car truck van bus tram train wagon tractor boat ship ferry canoe
      kayak raft anchor rudder sail airplane rocket balloon kite parachute bridge tunnel road street
      tower castle palace temple church school library museum theater hospital bakery market hotel
      farm barn stable mill factory harbor airport station statue fountain hammer nail screw wrench
      pliers saw drill axe shovel spade rake hoe wire rope chain hook lock key coin ring necklace
      bracelet crown jewel drum guitar violin cello piano flute trumpet trombone harp whistle bell
      doll puppet puzzle marble dice domino ball racket net skate sled swing slide tent compass
      telescope magnet thimble hinge
      """;

  private static final String NATURE =
      """
      sun moon star planet comet sky cloud rain drizzle storm thunder lightning rainbow snow hail
      frost ice icicle fog mist dew wind breeze tornado hurricane earth soil mud clay sand dust
      gravel pebble stone rock boulder cliff hill mountain volcano valley canyon cave desert plain
      meadow field forest jungle swamp marsh pond lake river stream creek waterfall ocean sea wave
      tide beach shore coast island lagoon reef coral shell glacier iceberg tree oak maple birch
      pine spruce cedar willow poplar elm ash beech bamboo palm cactus fern moss ivy grass clover
      weed reed bush hedge shrub vine leaf branch twig trunk bark root seed acorn bud flower petal
      stem thorn rose tulip daisy lily violet orchid poppy sunflower daffodil lavender jasmine iris
      pansy lilac heather thistle dandelion fire flame smoke spark ember lava gold silver copper
      iron tin lead zinc steel bronze diamond ruby emerald sapphire pearl amber crystal quartz
      granite slate chalk coal spring summer autumn winter morning evening midnight sunrise sunset
      shadow echo horizon
      """;

  private static final String PEOPLE =
      """
      baker butcher farmer teacher doctor nurse dentist pilot sailor captain soldier painter singer
      dancer actor writer poet lawyer judge plumber carpenter tailor barber waiter chef gardener
      fisherman miner hunter king queen prince princess knight wizard witch giant dwarf fairy pirate
      robot dragon unicorn mermaid monster ghost brother sister mother father uncle aunt cousin
      nephew niece baby child friend neighbor stranger hand finger thumb elbow shoulder knee ankle
      foot toe head forehead eyebrow eye ear nose mouth lip tongue tooth chin neck chest stomach
      heart lung bone muscle skin hair beard
      """;

  private Words() {}

  /** Every word once, in the order of the lists above. */
  public static List<String> all() {
    return List.of(ANIMALS, FOOD, THINGS, NATURE, PEOPLE).stream()
        .flatMap(list -> List.of(list.strip().split("\\s+")).stream())
        .distinct()
        .toList();
  }
}
